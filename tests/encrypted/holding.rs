//! A way to the homeserver that holds back what devices send each other, keys above all, until it is told to let them go.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::server::synapse;

/// Lives as long as the test.
pub struct Holding {
    pub url: String,
    held: Arc<Mutex<Option<Vec<Vec<u8>>>>>,
}

impl Holding {
    /// One that lets everything pass.
    pub fn new() -> Holding {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let held = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&held);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let held = Arc::clone(&shared);
                // Whoever hangs up in the middle is nobody's business.
                std::thread::spawn(move || drop(pass(client, &held)));
            }
        });
        Holding { url, held }
    }

    /// Holds back from here on.
    pub fn hold(&self) {
        *self.held.lock().unwrap() = Some(Vec::new());
    }

    /// Holds nothing more back, and gives out what was.
    pub fn stop(&self) -> Vec<Vec<u8>> {
        let held = self.held.lock().unwrap().take().unwrap();
        assert!(!held.is_empty(), "nothing was held back");
        held
    }

    /// Lets go what was held back.
    pub fn let_go(&self, held: Vec<Vec<u8>>) {
        for request in &held {
            let mut answer = Vec::new();
            ask(request).unwrap().read_to_end(&mut answer).unwrap();
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
        }
    }
}

/// Hands one request on, and what is answered back; then the connection is over.
fn pass(client: TcpStream, held: &Mutex<Option<Vec<Vec<u8>>>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut request = format!("{head}Connection: close\r\n\r\n").into_bytes();
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request.extend(body);
    let mut client = client;
    if head.lines().next().is_some_and(|first| first.contains("/sendToDevice/"))
        && let Some(held) = held.lock().unwrap().as_mut()
    {
        held.push(request);
        return client.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
        );
    }
    std::io::copy(&mut ask(&request)?, &mut client).map(drop)
}

fn ask(request: &[u8]) -> std::io::Result<TcpStream> {
    let mut server = TcpStream::connect(synapse().url.trim_start_matches("http://"))?;
    server.write_all(request)?;
    Ok(server)
}
