//! Whatever somebody asks for by RUST_LOG, a log holds no name, no account and no word of a request, in whatever dress.

use std::fs;

use matrix_sdk_crypto::vodozemac::base64_encode;
use serde_json::json;

use crate::behind::behind_a_proxy;
use crate::files::{post, reply};
use crate::person::{self, Person};

/// Words that nobody else uses: of a name, a request, an account, a file, a homeserver's answer.
const CANARIES: [&str; 9] = [
    "xenarthra",
    "quetzalcoatl",
    "pangolin",
    "axolotl",
    "binturong",
    "cassowary",
    "dikdik",
    "echidna",
    "fossaecat",
];

/// The forms in which a word may stand: as it is, in base64 from wherever it begins, in hexadecimal digits.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    forms.push(word.bytes().map(|byte| format!("{byte:02x}")).collect());
    for before in 0..3 {
        let text = base64_encode([vec![0; before], word.into()].concat());
        // What is of the word alone: neither of what stands before it nor of what follows.
        let (from, until) = ((before * 8).div_ceil(6), (before + word.len()) * 8 / 6);
        forms.push(text[from..until].to_ascii_lowercase());
    }
    forms
}

/// The first that a text holds.
pub fn found<'a>(text: &str, words: &[&'a str]) -> Option<(&'a str, String)> {
    let text = text.to_ascii_lowercase();
    words.iter().find_map(|word| Some((*word, forms(word).into_iter().find(|form| text.contains(form))?)))
}

#[test]
fn a_word_is_found_in_every_dress() {
    let whole = "they ask for @quetzalcoatl:example.org, all of it";
    let hex: String = whole.bytes().map(|byte| format!("{byte:02X}")).collect();
    let shifted = [&whole[1..], &whole[2..], &whole[3..]].map(base64_encode);
    for text in [whole.to_uppercase(), hex].iter().chain(&shifted) {
        assert!(found(text, &CANARIES).is_some(), "{text}");
    }
    assert_eq!(found("docket is in its room", &CANARIES), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_everything_names_nobody_and_nothing_that_was_said() {
    let xena = Person::new("xenarthra").await;
    let (mut behind, running) = behind_a_proxy(&[&xena]).await;
    running.stop().await;
    let running = behind.docket.run_logging(Some("trace")).await;
    behind
        .says(
            "Request: information\nAgency: Pangolin Constabulary\nOfficer: DI Binturong\nEmail: a@cassowary.police.uk\n\
             Accounts: @quetzalcoatl:docket.test\nPurpose: dikdik\nReference: ECHIDNA-7",
        )
        .await;
    behind.ada.hears(&behind.room, "C-2 opened").await;
    let file =
        post(&behind.ada, &behind.room, "axolotl.txt", b"an order about @quetzalcoatl:docket.test").await;
    reply(&behind.ada, &behind.room, &file, "!case attach 2 as=instrument").await;
    behind.ada.hears(&behind.room, "file attached").await;
    behind.says("!case find quetzalcoatl").await;
    behind.ada.hears(&behind.room, "C-2").await;
    behind.says("!case assign 2 @xenarthra-0:docket.test cassowary").await;
    behind.ada.hears(&behind.room, "Not done").await;
    // What nobody may, what does not count, and what the homeserver does not do.
    crate::room::in_clear(&behind.ada.client, behind.room.room_id(), "!case note 2 dikdik in clear").await;
    behind.ada.hears(&behind.room, "came unencrypted").await;
    let refused = json!({ "errcode": "M_UNKNOWN", "error": "@quetzalcoatl:docket.test has no fossaecat" });
    let rule = behind.proxy.answers("PUT", "/send/", 1, 400, refused.clone());
    behind.says("!case note 2 about the dikdik").await;
    behind.ada.hears(&behind.room, "note added").await;
    rule.is_over().await;
    let rule = behind.proxy.answers("GET", "/sync", 2, 500, refused);
    rule.is_over().await;
    behind.is_answered("C-3").await;
    // Somebody comes who is not listed, and a list that does not read.
    let dikdik = person::register(&person::name("dikdik")).await;
    let good = fs::read_to_string(behind.docket.config()).unwrap();
    let bad = format!("{good}  - {{ id: \"{dikdik}\", role: fossaecat }}\n");
    fs::write(behind.docket.config(), bad).unwrap();
    running.hang_up();
    behind.ada.hears(&behind.room, "there is a mistake in it").await;
    let log = running.stop().await;

    assert!(log.contains("is sent plainer") && log.contains("mistakes at"), "something was said: {log}");
    assert_eq!(found(&log, &CANARIES), None, "{log}");
    assert!(!log.contains(behind.ada.id.localpart()), "{log}");
    // Nor was the homeserver asked for anything by which it would learn who is spoken of; her own name it has.
    let asked = behind.proxy.asked();
    let requests = asked.iter().map(|asked| format!("{} {} {}", asked.method, asked.path, asked.body));
    let named = requests.filter(|request| found(request, &CANARIES[1..]).is_some()).collect::<Vec<_>>();
    assert!(asked.len() > 30 && named.is_empty(), "of {}: {named:#?}", asked.len());
}
