//! HTTP as plain as it can be: one request, one answer, one connection. For what no client library would ever say.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::synapse;

/// A request, or an answer.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// The first line, in its three parts.
    pub first: [String; 3],
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Spoken {
    pub fn status(&self) -> u16 {
        self.first[1].parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// As it goes over the wire, by a connection that ends with it.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = self.first.join(" ") + "\r\n";
        let of_the_way =
            ["connection", "content-length", "transfer-encoding", "accept-encoding", "keep-alive"];
        for (key, value) in &self.headers {
            if !of_the_way.iter().any(|other| key.eq_ignore_ascii_case(other)) {
                head.push_str(&format!("{key}: {value}\r\n"));
            }
        }
        head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()));
        [head.into_bytes(), self.body.clone()].concat()
    }
}

/// Reads what somebody says; nothing if they end before they said it.
pub async fn read(stream: &mut TcpStream) -> io::Result<Option<Spoken>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let mut lines = std::str::from_utf8(&bytes[..head]).unwrap().lines();
    let mut first = lines.next().unwrap().splitn(3, ' ').map(str::to_owned);
    let mut said =
        Spoken { first: std::array::from_fn(|_| first.next().unwrap_or_default()), ..Spoken::default() };
    for line in lines.filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(':').unwrap();
        said.headers.push((key.to_owned(), value.trim().to_owned()));
    }
    let len = said.header("content-length").map_or(0, |len| len.parse::<usize>().unwrap());
    assert!(said.header("transfer-encoding").is_none(), "nobody here speaks in chunks");
    while bytes.len() < head + len {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    said.body = bytes[head..head + len].to_vec();
    Ok(Some(said))
}

/// Asks the homeserver.
pub async fn ask(mut request: Spoken) -> io::Result<Spoken> {
    let mut stream = TcpStream::connect(synapse().url.strip_prefix("http://").unwrap()).await?;
    // By this version the answer has a length or ends with the connection.
    request.first[2] = "HTTP/1.0".to_owned();
    stream.write_all(&request.bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)? + 4;
    let mut lines = std::str::from_utf8(&bytes[..head]).unwrap().lines();
    let mut first = lines.next().unwrap().splitn(3, ' ').map(str::to_owned);
    let headers = lines.filter_map(|line| line.split_once(": ")).map(|(k, v)| (k.to_owned(), v.to_owned()));
    Ok(Spoken {
        first: std::array::from_fn(|_| first.next().unwrap_or_default()),
        headers: headers.collect(),
        body: bytes[head..].to_vec(),
    })
}

/// Asks the homeserver for something with somebody's token, and expects it to be done.
pub async fn call(method: &str, path: &str, token: Option<&str>, body: &Value) -> Value {
    let mut headers = vec![
        ("host".to_owned(), "docket.test".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(token.map(|token| ("authorization".to_owned(), format!("Bearer {token}"))));
    let first = [method.to_owned(), format!("/_matrix/client/v3/{path}"), String::new()];
    let answer = ask(Spoken { first, headers, body: body.to_string().into_bytes() }).await.unwrap();
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status(), 200, "{method} {path}: {said}");
    serde_json::from_str(&said).unwrap()
}
