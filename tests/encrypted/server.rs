//! The Synapses of this run: one that everybody is on, and for those tests that are about other servers two and more that speak to each
//! other.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A homeserver that ends with this process: it runs until its standard input does.
pub struct Synapse {
    pub url: String,
    /// What its users are called behind the colon.
    pub server: String,
    /// With this an administrator's account is made.
    pub secret: String,
    dir: PathBuf,
    child: Child,
}

/// The homeserver, started when the first test asks for it.
pub fn synapse() -> &'static Synapse {
    static SYNAPSE: OnceLock<Synapse> = OnceLock::new();
    SYNAPSE.get_or_init(|| start(&dir_of("synapse"), &[]))
}

fn dir_of(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()))
}

fn start(dir: &Path, more: &[&str]) -> Synapse {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new("python3")
        .arg(root.join("deploy/private-synapse.py"))
        .arg("--dir")
        .arg(dir)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the encrypted room is tested against a real Synapse, which needs python3");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: serde_json::Value =
        serde_json::from_str(&line).expect("the private Synapse did not start; it said why above");
    let text = |key: &str| said[key].as_str().unwrap().to_owned();
    Synapse { url: text("url"), server: text("server"), secret: text("secret"), dir: dir.to_owned(), child }
}

impl Synapse {
    /// One of its own that speaks to others of its kind.
    pub async fn federating(name: &'static str) -> Synapse {
        blocking(move || start(&dir_of(name), &["--federates"])).await
    }

    /// Stops it; what it knows stays.
    pub async fn stop(self) -> Stopped {
        blocking(move || self.end()).await
    }

    fn end(mut self) -> Stopped {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
        Stopped { url: self.url, server: self.server, dir: self.dir }
    }
}

/// A homeserver that is away.
pub struct Stopped {
    url: String,
    server: String,
    dir: PathBuf,
}

impl Stopped {
    /// From now on whoever asks it for something is let in and hears nothing, as where a machine hangs.
    pub fn hangs(self) -> Hanging {
        let held = [self.url.trim_start_matches("http://"), &self.server];
        let held = held.map(|address| TcpListener::bind(address).unwrap());
        Hanging { stopped: self, held }
    }

    /// Starts it again where it was.
    pub async fn starts(self) -> Synapse {
        let port = self.url.rsplit(':').next().unwrap().to_owned();
        blocking(move || start(&self.dir, &["--federates", "--port", &port])).await
    }
}

/// A homeserver that takes every question and answers none.
pub struct Hanging {
    stopped: Stopped,
    held: [TcpListener; 2],
}

impl Hanging {
    /// Starts it again; who waits for an answer is cut off.
    pub async fn starts(self) -> Synapse {
        drop(self.held);
        self.stopped.starts().await
    }
}

async fn blocking<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(what).await.unwrap()
}
