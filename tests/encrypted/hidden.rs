//! A homeserver that hides from docket that its room is encrypted: nothing leaves in clear, and nobody has to mend anything
//! once it is shown.

use std::fs;

use serde_json::{Value, json};

use crate::behind::behind_a_proxy;
use crate::docket::Docket;
use crate::person::Person;
use crate::proxy::{ALWAYS, Proxy};

/// Shows the room as if it had never been encrypted: wherever docket looks, or everywhere but in the whole of its state.
fn hides_encryption(proxy: &Proxy, everywhere: bool) {
    let is_it = |event: &Value| event["type"] == "m.room.encryption";
    proxy.rewrites("GET", "/sync", move |said| {
        let rooms = said.pointer_mut("/rooms/join").and_then(Value::as_object_mut);
        for room in rooms.into_iter().flat_map(|rooms| rooms.values_mut()) {
            for place in [
                "/timeline/events",
                "/state/events",
                "/state_after/events",
                "/org.matrix.msc4222.state_after/events",
            ] {
                if let Some(events) = room.pointer_mut(place).and_then(Value::as_array_mut) {
                    events.retain(|event| !is_it(event));
                }
            }
        }
    });
    if everywhere {
        proxy.rewrites("GET", "/state", move |said| {
            if let Some(events) = said.as_array_mut() {
                events.retain(|event| !is_it(event));
            }
        });
    }
    let nothing = json!({ "errcode": "M_NOT_FOUND", "error": "Event not found." });
    proxy.answers("GET", "/state/m.room.encryption", ALWAYS, 404, nothing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_hides_the_encryption_reads_nothing() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    // While it runs docket knows better.
    hides_encryption(&behind.proxy, true);
    behind.says("!case note 1 said while it is hidden.").await;
    behind.ada.hears(&behind.room, "note added").await;
    running.stop().await;
    // At a start it does not go on as if nothing were.
    let (is_well, said) = behind.docket.command("run", &[]).await;
    assert!(!is_well && said.contains("encrypted"), "{said}");
    behind.nothing_left_in_clear(&["hidden", "C-1", "the first"]);

    // A store that has never seen the room, and a homeserver that hides from it what it shows elsewhere.
    behind.proxy.is_honest();
    fs::remove_dir_all(behind.docket.dir.join("data/matrix/store")).unwrap();
    hides_encryption(&behind.proxy, false);
    let (is_well, said) = behind.docket.command("setup", &[]).await;
    assert!(!is_well && said.contains("is not known as an encrypted room; nothing is sent there"), "{said}");
    let (is_well, said) = behind.docket.command("run", &[]).await;
    assert!(!is_well && said.contains("hides it in another, so nothing can be said there"), "{said}");
    // Once it is shown, docket goes on by itself.
    behind.proxy.is_honest();
    let running = behind.docket.run().await;
    behind.ada.sync().await;
    behind.says("!case note 1 said to a new device.").await;
    behind.ada.hears(&behind.room, "note added").await;
    behind.is_answered("C-2").await;
    running.stop().await;
    behind.nothing_left_in_clear(&["hidden", "a new device", "C-1", "the first"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_setup_makes_hears_nothing_before_it_is_known_to_be_encrypted() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let proxy = Proxy::before(&docket).await;
    hides_encryption(&proxy, true);
    let (is_well, said) = docket.command("setup", &[]).await;
    assert!(!is_well && said.contains("is not known as an encrypted room"), "{said}");
    assert!(!proxy.asked().iter().any(crate::behind::is_sent), "nothing was posted");
    proxy.is_honest();
    assert!(docket.set_up().await.contains("ready: docket run"));
}
