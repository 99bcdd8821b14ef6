//! `docket setup` as somebody types it who sits at a terminal.

use std::process::Command;

use crate::docket::Docket;

/// Runs a command on a terminal of its own, types what it asks for, and prints all that stood on the terminal.
const AT_A_TERMINAL: &str = r#"
import os, pty, signal, sys
asked, typed, command = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    os.execv(command[0], command)
shown, is_typed = b"", False
def give_up(*_):
    sys.stdout.buffer.write(shown + b"\n(nothing more came)\n")
    sys.stdout.flush()
    os._exit(1)
signal.signal(signal.SIGALRM, give_up)
signal.alarm(120)
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    shown += more
    if not is_typed and asked in shown:
        os.write(terminal, typed + b"\r")
        is_typed = True
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

/// `docket setup` with so much more to say, on a terminal where somebody types this once they are asked that; whether it succeeded, and what
/// stood on the terminal.
pub async fn at_a_terminal(docket: &Docket, more: &[&str], asked: &str, typed: &str) -> (bool, String) {
    let mut command = Command::new("python3");
    command.args(["-c", AT_A_TERMINAL, asked, typed, env!("CARGO_BIN_EXE_docket"), "setup", "--config"]);
    command.arg(docket.config()).args(more).env("TERM", "xterm");
    let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
}
