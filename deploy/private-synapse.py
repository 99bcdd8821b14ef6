#!/usr/bin/env python3
"""A private Synapse on loopback, for the tests and for deploy/try.

    private-synapse.py --dir DIR [--venv DIR] [--port N] [--federates] [--install-only]

Synapse is installed from PyPI once, into the virtual environment that --venv names. In --dir lie its configuration, its
database and its log; a server that ran there before is started again with what it knows. Once it answers, one line of JSON
is printed: {"url": ..., "server": ..., "secret": ..., "pid": ...}. It runs until standard input ends, so nothing is left
behind when whoever started it dies; then Synapse is stopped by its process id.

With --federates it speaks to other servers that do so, and to nobody beyond this machine: it is named 127.0.0.1 with the port
at which the others find it, so that no name is ever looked up, and the certificates are made here and believed by all of them.
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

# Made by the virtual environment's Python, which has the library for it: a certificate of this machine and its key.
CERTIFY = """
import datetime, ipaddress, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
now = datetime.datetime.now(datetime.timezone.utc)
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
made = made.serial_number(x509.random_serial_number())
made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=3650))
own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
made = made.add_extension(own, critical=False).sign(key, hashes.SHA256())
pem = serialization.Encoding.PEM
plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
open(sys.argv[2], "wb").write(plain)
open(sys.argv[1], "wb").write(made.public_bytes(pem))
"""


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


def free_ports(count):
    """Ports that nobody has, each another."""
    found = [socket.socket() for _ in range(count)]
    for one in found:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports


def keep(home, federates):
    """What must stay the same over restarts; the port to which others speak is part of the server's name."""
    file = home / "kept.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    if not kept:
        kept = {"secret": secrets.token_hex(16), "key": secrets.token_hex(16)}
        if federates:
            kept["federation"] = free_ports(1)[0]
        file.write_text(json.dumps(kept))
    if federates != ("federation" in kept):
        sys.exit("private-synapse: a server keeps its name: whether it federates is settled when its --dir is made")
    return kept


def federation(home, python, port):
    """What is different where it speaks to other servers."""
    certificate, key = home / "tls.crt", home / "tls.key"
    if not certificate.exists():
        run([python, "-c", CERTIFY, certificate, key])
    return {
        "listener": {
            "port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": True,
            "resources": [{"names": ["federation"], "compress": False}],
        },
        "settings": {
            "tls_certificate_path": str(certificate),
            "tls_private_key_path": str(key),
            "federation_verify_certificates": False,
            # By default Synapse speaks to no such address; these servers have no other.
            "ip_range_blacklist": [],
            "federation_ip_range_blacklist": [],
        },
    }


def name_of(kept):
    return f"127.0.0.1:{kept['federation']}" if "federation" in kept else SERVER


def configure(home, port, kept, beyond):
    """Writes the configuration; YAML reads JSON."""
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
        "server_name": name_of(kept),
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
    if beyond:
        config["listeners"].append(beyond["listener"])
        del config["federation_domain_whitelist"]
        config |= beyond["settings"]
    (home / "homeserver.yaml").write_text(json.dumps(config, indent=1))


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
    parser.add_argument("--federates", action="store_true", help="speaks to others of its kind, on this machine alone")
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
    kept = keep(home, said.federates)
    beyond = federation(home, python, kept["federation"]) if said.federates else None
    port = said.port or free_ports(1)[0]
    configure(home, port, kept, beyond)
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
        print(json.dumps({"url": url, "server": name_of(kept), "secret": kept["secret"], "pid": server.pid}), flush=True)
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
