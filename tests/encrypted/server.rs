//! The Synapse of this run.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A homeserver that ends with this process: it runs until its standard input does.
pub struct Synapse {
    pub url: String,
    /// With this an administrator's account is made.
    pub secret: String,
    _child: Child,
}

/// The homeserver, started when the first test asks for it.
pub fn synapse() -> &'static Synapse {
    static SYNAPSE: OnceLock<Synapse> = OnceLock::new();
    SYNAPSE.get_or_init(start)
}

fn start() -> Synapse {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("synapse-{}", std::process::id()));
    let mut child = Command::new("python3")
        .arg(root.join("deploy/private-synapse.py"))
        .arg("--dir")
        .arg(&dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the encrypted room is tested against a real Synapse, which needs python3");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: serde_json::Value =
        serde_json::from_str(&line).expect("the private Synapse did not start; it said why above");
    let text = |key: &str| said[key].as_str().unwrap().to_owned();
    Synapse { url: text("url"), secret: text("secret"), _child: child }
}
