#!/usr/bin/env python3
"""A private Synapse on loopback, for the tests and for deploy/try.

    private-synapse.py --dir DIR [--venv DIR] [--port N] [--install-only]

Synapse is installed from PyPI once, into the virtual environment that --venv names. In --dir lie its configuration, its
database and its log; a server that ran there before is started again with what it knows. Once it answers, one line of JSON
is printed: {"url": ..., "server": ..., "secret": ..., "pid": ...}. It runs until standard input ends, so nothing is left
behind when whoever started it dies; then Synapse is stopped by its process id.
"""

import argparse
import fcntl
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

VERSION = "1.163.2"
SERVER = "docket.test"
PATIENCE = 120


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command):
    """Runs a command; what it says is shown only if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        say(done.stdout[-4000:])
        sys.exit(f"private-synapse: this failed: {' '.join(map(str, command))}")


def install(venv):
    """Makes the virtual environment, once: whoever comes second waits for the first."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    python = venv / "bin" / "python"
    done = venv / f"has-synapse-{VERSION}"
    with open(venv.parent / f"{venv.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return python
        say(f"private-synapse: installing Synapse {VERSION} from PyPI, which takes about a minute")
        shutil.rmtree(venv, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(venv)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode:
            shutil.rmtree(venv, ignore_errors=True)
            sys.exit("private-synapse: Python cannot make a virtual environment; on Debian: apt install python3-venv")
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"matrix-synapse=={VERSION}"])
        done.touch()
    return python


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def configure(home, port):
    """Writes the configuration; YAML reads JSON. What must stay the same over restarts is kept."""
    kept = home / "kept.json"
    if not kept.exists():
        kept.write_text(json.dumps({"secret": secrets.token_hex(16), "key": secrets.token_hex(16)}))
    kept = json.loads(kept.read_text())
    fast = {"per_second": 10_000, "burst_count": 10_000}
    log = {
        "version": 1,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"file": {"class": "logging.FileHandler", "filename": str(home / "log"), "formatter": "plain"}},
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": False,
    }
    (home / "log.yaml").write_text(json.dumps(log))
    config = {
        "server_name": SERVER,
        "pid_file": str(home / "pid"),
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [{
            "port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False,
            "resources": [{"names": ["client", "media"], "compress": False}],
        }],
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.db")}},
        "log_config": str(home / "log.yaml"),
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "registration_shared_secret": kept["secret"],
        # It listens on loopback only, and everybody on it is made up.
        "enable_registration": True,
        "enable_registration_without_verification": True,
        "macaroon_secret_key": kept["key"],
        "form_secret": kept["key"],
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        "url_preview_enabled": False,
        "rc_message": fast,
        "rc_registration": fast,
        "rc_registration_token_validity": fast,
        "rc_login": {"address": fast, "account": fast, "failed_attempts": fast},
        "rc_admin_redaction": fast,
        "rc_joins": {"local": fast, "remote": fast},
        "rc_joins_per_room": fast,
        "rc_invites": {"per_room": fast, "per_user": fast, "per_issuer": fast},
        "rc_room_creation": fast,
        "rc_presence": {"per_user": fast},
        "rc_delayed_event_mgmt": fast,
        "rc_media_create": fast,
    }
    (home / "homeserver.yaml").write_text(json.dumps(config, indent=1))
    return kept["secret"]


def answers(url):
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop(server):
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--dir", type=pathlib.Path, help="where the server's data lies")
    parser.add_argument("--venv", type=pathlib.Path, default=root / "target" / "synapse" / "venv")
    parser.add_argument("--port", type=int, default=0, help="the port; any free one if not said")
    parser.add_argument("--install-only", action="store_true")
    said = parser.parse_args()
    # A terminal that is closed, or whoever stops this, must not leave the server behind.
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda *_: sys.exit(1))
    python = install(said.venv.absolute())
    if said.install_only:
        return
    if said.dir is None:
        parser.error("--dir is needed")
    home = said.dir.absolute()
    home.mkdir(parents=True, exist_ok=True)
    port = said.port or free_port()
    secret = configure(home, port)
    url = f"http://127.0.0.1:{port}"
    command = [python, "-m", "synapse.app.homeserver", "-c", home / "homeserver.yaml"]
    run([*command, "--generate-keys"])
    with open(home / "out", "ab") as out:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        since = time.monotonic()
        while not answers(url):
            if server.poll() is not None:
                sys.exit(f"private-synapse: Synapse did not start; {home / 'out'} and {home / 'log'} tell why")
            if time.monotonic() - since > PATIENCE:
                sys.exit(f"private-synapse: Synapse does not answer after {PATIENCE} s; see {home / 'log'}")
            time.sleep(0.05)
        print(json.dumps({"url": url, "server": SERVER, "secret": secret, "pid": server.pid}), flush=True)
        # Whoever started this holds the other end of standard input; when they are gone, so is the server.
        ended = threading.Event()
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), ended.set()), daemon=True).start()
        while not ended.wait(0.2):
            if server.poll() is not None:
                sys.exit(f"private-synapse: Synapse ended by itself; {home / 'out'} tells why")
    except KeyboardInterrupt:
        pass
    finally:
        stop(server)


if __name__ == "__main__":
    main()
    os._exit(0)
