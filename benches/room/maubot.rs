//! maubot with a plugin that echoes, installed from PyPI on first use. With encryption where python-olm can be built or is there;
//! without it maubot answers in a room without encryption, and the table says so.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::person::{self, PASSWORD};
use crate::server::synapse;
use crate::wire;

const VERSION: &str = "0.6.0";

const PLUGIN: &str = "from maubot import Plugin
from maubot.handlers import event
from mautrix.types import EventType


class Echo(Plugin):
    @event.on(EventType.ROOM_MESSAGE)
    async def echo(self, evt):
        if evt.sender != self.client.mxid:
            await evt.reply(evt.content.body)
";

const META: &str = "maubot: 0.1.0
id: test.docket.echo
version: 1.0.0
license: Apache-2.0
modules: [echo]
main_class: Echo
";

/// The virtual environment with maubot in it, and whether it can encrypt.
pub fn installed() -> (PathBuf, bool) {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/maubot/venv");
    let mark = |kind: &str| venv.join(format!("has-maubot-{VERSION}-{kind}"));
    for (kind, encrypts) in [("encrypted", true), ("plain", false)] {
        if mark(kind).exists() {
            return (venv, encrypts);
        }
    }
    eprintln!("installing maubot {VERSION} from PyPI");
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv).status();
    assert!(made.is_ok_and(|made| made.success()), "Python cannot make a virtual environment");
    let pip = |what: String| {
        let mut pip = Command::new(venv.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &what]);
        pip.status().is_ok_and(|done| done.success())
    };
    if pip(format!("maubot[encryption]=={VERSION}")) {
        fs::write(mark("encrypted"), "").unwrap();
        return (venv, true);
    }
    eprintln!(
        "python-olm could not be built (Debian: apt install libolm-dev cmake python3-dev): maubot without encryption"
    );
    assert!(pip(format!("maubot=={VERSION}")), "maubot cannot be installed");
    fs::write(mark("plain"), "").unwrap();
    (venv, false)
}

/// Starts it as this account, which joins whatever it is invited to.
pub async fn start(venv: &Path, encrypts: bool, localpart: &str, dir: &Path) -> Child {
    let id = person::register(localpart).await;
    fs::create_dir_all(dir).unwrap();
    let login = json!({
        "type": "m.login.password", "identifier": { "type": "m.id.user", "user": localpart }, "password": PASSWORD,
    });
    let session = wire::call("POST", "login", None, &login).await;
    let log = json!({
        "version": 1, "handlers": { "console": { "class": "logging.StreamHandler" } },
        "root": { "level": "INFO", "handlers": ["console"] },
    });
    let config = json!({
        "user": {
            "credentials": {
                "id": id, "homeserver": synapse().url, "access_token": session["access_token"],
                "device_id": if encrypts { session["device_id"].clone() } else { json!(null) },
            },
            "sync": true, "appservice": false, "hs_token": null, "autojoin": true,
            "displayname": "disable", "avatar_url": "disable",
            "ignore_initial_sync": true, "ignore_first_sync": true,
        },
        "server": { "hostname": "127.0.0.1", "port": 0, "base_path": "/", "public_url": "http://127.0.0.1" },
        "database": "sqlite:bot.db", "crypto_db_pickle_key": "mau.crypto",
        "database_opts": { "min_size": 1, "max_size": 10 }, "plugin_config": {}, "logging": log,
    });
    // YAML reads JSON.
    fs::write(dir.join("config.yaml"), config.to_string()).unwrap();
    fs::write(dir.join("maubot.yaml"), META).unwrap();
    fs::write(dir.join("echo.py"), PLUGIN).unwrap();
    let log = dir.join("log");
    let file = OpenOptions::new().create(true).append(true).open(&log).unwrap();
    let mut child = Command::new(venv.join("bin/python"))
        .args(["-m", "maubot.standalone"])
        .current_dir(dir)
        .env("PYTHONPATH", dir)
        .stdin(Stdio::null())
        .stdout(file.try_clone().unwrap())
        .stderr(file)
        .spawn()
        .unwrap();
    for _ in 0..600 {
        if fs::read_to_string(&log).unwrap().contains("Startup completed") {
            return child;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    panic!("maubot did not start: {}", fs::read_to_string(&log).unwrap());
}
