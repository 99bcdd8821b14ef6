//! What stands between docket and its homeserver, and does what a bad line or a bad homeserver does. Only docket is behind it:
//! people speak to the homeserver itself.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::docket::Docket;
use crate::server::synapse;
use crate::wire::{self, Spoken};

/// How long it is waited for what docket must ask for.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often a rule holds that has no end.
pub const ALWAYS: usize = usize::MAX;

pub struct Proxy {
    url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    rules: Mutex<Vec<Arc<Rule>>>,
    asked: Mutex<Vec<Asked>>,
    /// How often the homeserver has forgotten by which requests things were sent.
    forgotten: AtomicUsize,
}

/// What docket asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub token: Option<String>,
    pub body: String,
}

/// What happens to some of docket's requests.
pub struct Rule {
    method: &'static str,
    part: String,
    all: usize,
    left: AtomicUsize,
    held: AtomicUsize,
    act: Act,
}

enum Act {
    /// It is answered without the homeserver.
    Answer(u16, Value),
    /// The line breaks before the homeserver hears it.
    CutBefore,
    /// The homeserver does it, and the line breaks before docket hears so.
    CutAfter,
    /// It takes long.
    Slow(Duration),
    /// It takes until the test says.
    Hold(watch::Receiver<bool>),
    /// The homeserver does it, and docket hears so when the test says.
    KeepBack(watch::Receiver<bool>),
    /// What the homeserver answers is changed on the way.
    Rewrite(Mutex<Rewriting>),
}

type Rewriting = Box<dyn FnMut(&mut Value) + Send>;

/// Requests that wait; they go on when this is gone.
pub struct Held(watch::Sender<bool>);

impl Drop for Held {
    fn drop(&mut self) {
        let _nobody_waits = self.0.send(true);
    }
}

impl Rule {
    /// How often it came to be.
    pub fn times(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }

    /// Waits until it was as often as it was to be.
    pub async fn is_over(&self) {
        self.happens(self.all).await;
    }

    /// Waits until it was so often.
    pub async fn happens(&self, times: usize) {
        let given_up = Instant::now() + PATIENCE;
        while self.times() < times {
            assert!(
                Instant::now() < given_up,
                "{} {} came {} of {times} times",
                self.method,
                self.part,
                self.times()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A part of the path, and behind ` with ` a word of the body.
    fn is_for(&self, request: &Spoken) -> bool {
        let (path, word) = self.part.split_once(" with ").unwrap_or((&self.part, ""));
        self.method == request.first[0]
            && request.first[1].contains(path)
            && String::from_utf8_lossy(&request.body).contains(word)
    }

    /// Whether it holds this time.
    fn takes(&self) -> bool {
        let one_less = |left: usize| if left == ALWAYS { Some(left) } else { left.checked_sub(1) };
        let is_left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok();
        self.held.fetch_add(usize::from(is_left), Ordering::SeqCst);
        is_left
    }
}

impl Proxy {
    /// An honest one; docket goes through it from its next start on.
    pub async fn before(docket: &Docket) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                // A line that breaks is docket's to mend.
                tokio::spawn(async move { drop(shared.serve(stream).await) });
            }
        });
        let proxy = Proxy { url, shared, accepting };
        proxy.stand_before(docket);
        proxy
    }

    /// Puts it before a docket whose configuration was written anew.
    pub fn stand_before(&self, docket: &Docket) {
        let text = fs::read_to_string(docket.config()).unwrap();
        fs::write(docket.config(), text.replace(&synapse().url, &self.url)).unwrap();
    }

    fn rule(&self, method: &'static str, part: &str, times: usize, act: Act) -> Arc<Rule> {
        let (left, held) = (AtomicUsize::new(times), AtomicUsize::new(0));
        let rule = Arc::new(Rule { method, part: part.to_owned(), all: times, left, held, act });
        self.shared.rules.lock().unwrap().push(Arc::clone(&rule));
        rule
    }

    pub fn answers(
        &self,
        method: &'static str,
        part: &str,
        times: usize,
        status: u16,
        said: Value,
    ) -> Arc<Rule> {
        self.rule(method, part, times, Act::Answer(status, said))
    }

    pub fn cuts_before(&self, method: &'static str, part: &str, times: usize) -> Arc<Rule> {
        self.rule(method, part, times, Act::CutBefore)
    }

    pub fn cuts_after(&self, method: &'static str, part: &str, times: usize) -> Arc<Rule> {
        self.rule(method, part, times, Act::CutAfter)
    }

    pub fn slows(&self, method: &'static str, part: &str, times: usize, by: Duration) -> Arc<Rule> {
        self.rule(method, part, times, Act::Slow(by))
    }

    /// Nothing of this kind comes to its end until what is given back is gone.
    pub fn holds(&self, method: &'static str, part: &str) -> (Held, Arc<Rule>) {
        let (held, until) = watch::channel(false);
        (Held(held), self.rule(method, part, ALWAYS, Act::Hold(until)))
    }

    /// What the homeserver answers to the next of this kind comes when what is given back is gone: it may be old by then.
    pub fn keeps_back(&self, method: &'static str, part: &str) -> (Held, Arc<Rule>) {
        let (held, until) = watch::channel(false);
        (Held(held), self.rule(method, part, 1, Act::KeepBack(until)))
    }

    pub fn rewrites(
        &self,
        method: &'static str,
        part: &str,
        rewrite: impl FnMut(&mut Value) + Send + 'static,
    ) -> Arc<Rule> {
        self.rule(method, part, ALWAYS, Act::Rewrite(Mutex::new(Box::new(rewrite))))
    }

    /// Changes every event of the room, wherever docket is shown it: in a sync, in what was missed, and alone.
    pub fn bends(&self, bend: impl FnMut(&mut Value) + Send + 'static) -> Arc<Rule> {
        let mut bend = bend;
        self.rewrites("GET", "/_matrix/client/", move |said| each_event(said, &mut bend))
    }

    /// The homeserver knows of no request any more that was made before: what is sent under the same id again is new to it.
    pub fn forgets(&self) {
        self.shared.forgotten.fetch_add(1, Ordering::SeqCst);
    }

    /// Everything passes unchanged from now on.
    pub fn is_honest(&self) {
        self.shared.rules.lock().unwrap().clear();
    }

    /// Everything that docket asked for.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// docket's own token, as it showed it.
    pub fn token(&self) -> String {
        self.asked().into_iter().find_map(|asked| asked.token).unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let Some(request) = wire::read(&mut stream).await? else { return Ok(()) };
        self.asked.lock().unwrap().push(Asked {
            method: request.first[0].clone(),
            path: request.first[1].clone(),
            token: request
                .header("authorization")
                .and_then(|said| said.strip_prefix("Bearer "))
                .map(str::to_owned),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        });
        for rule in self.rules_for(&request) {
            match &rule.act {
                Act::Answer(status, said) if rule.takes() => {
                    return stream.write_all(&json_answer(*status, said).bytes()).await;
                }
                Act::CutBefore if rule.takes() => return Ok(()),
                Act::Slow(by) if rule.takes() => tokio::time::sleep(*by).await,
                Act::Hold(until) if rule.takes() => released(until).await,
                _ => {}
            }
        }
        let mut answer = wire::ask(self.as_forgotten(request.clone())).await?;
        // What was asked for before a rule was made comes to its end under it all the same.
        for rule in self.rules_for(&request) {
            match &rule.act {
                Act::CutAfter if rule.takes() => return Ok(()),
                Act::Hold(until) => released(until).await,
                Act::KeepBack(until) if rule.takes() => released(until).await,
                Act::Rewrite(rewrite) => {
                    if let Ok(mut said) = serde_json::from_slice::<Value>(&answer.body) {
                        let before = said.clone();
                        rewrite.lock().unwrap()(&mut said);
                        if said != before && rule.takes() {
                            answer.body = said.to_string().into_bytes();
                        }
                    }
                }
                _ => {}
            }
        }
        answer.first[0] = "HTTP/1.1".to_owned();
        stream.write_all(&answer.bytes()).await
    }

    /// A message under another id than the homeserver has seen for it, once it has forgotten that.
    fn as_forgotten(&self, mut request: Spoken) -> Spoken {
        let times = self.forgotten.load(Ordering::SeqCst);
        if times > 0 && request.first[0] == "PUT" && request.first[1].contains("/send/") {
            request.first[1].push_str(&format!("-{times}"));
        }
        request
    }

    fn rules_for(&self, request: &Spoken) -> Vec<Arc<Rule>> {
        self.rules.lock().unwrap().iter().filter(|rule| rule.is_for(request)).cloned().collect()
    }
}

async fn released(until: &watch::Receiver<bool>) {
    // Whoever held it may be gone.
    let mut until = until.clone();
    let _released = until.wait_for(|is_over| *is_over).await;
}

fn json_answer(status: u16, said: &Value) -> Spoken {
    Spoken {
        first: ["HTTP/1.1".to_owned(), status.to_string(), "Said".to_owned()],
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: said.to_string().into_bytes(),
    }
}

/// Every event of a room in an answer.
fn each_event(said: &mut Value, bend: &mut impl FnMut(&mut Value)) {
    if said.get("event_id").is_some() && said.get("type").is_some() {
        return bend(said);
    }
    for event in said.get_mut("chunk").and_then(Value::as_array_mut).into_iter().flatten() {
        bend(event);
    }
    let rooms = said.pointer_mut("/rooms/join").and_then(Value::as_object_mut);
    for room in rooms.into_iter().flat_map(|rooms| rooms.values_mut()) {
        let timeline = room.pointer_mut("/timeline/events").and_then(Value::as_array_mut);
        for event in timeline.into_iter().flatten() {
            bend(event);
        }
    }
}
