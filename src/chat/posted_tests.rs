use super::*;
use crate::case::{Account, Opening, Reading};
use crate::chat::{Asked, Asking};
use crate::rehearsal::terms;

fn mail(lines: &[&str]) -> Vec<u8> {
    lines.join("\r\n").into_bytes()
}

/// Head and body, as one text.
fn read(name: &str, bytes: &[u8]) -> String {
    match file_text(name, bytes) {
        FileText::Text { head, body } => format!("{head}{body}"),
        FileText::None(why) => panic!("{why:?}"),
    }
}

/// Two ways to say the same, the plain one in base64: what offices send.
fn of_an_office() -> Vec<u8> {
    mail(&[
        "Return-Path: <jane.roe@kent.police.uk>",
        "Received: from smtp.kent.police.uk (smtp.kent.police.uk [192.0.2.1])",
        "\tby mx.example.org with ESMTPS id 4711; Fri, 20 Nov 2026 09:12:05 +0000 (UTC)",
        "From: =?utf-8?B?Um/DqSwgSmFuZQ==?= <jane.roe@kent.police.uk>",
        "To: <abuse@example.org>",
        "Reply-To: desk@kent.police.uk",
        "Subject: =?iso-8859-1?Q?Pr=E9servation?= OP-77/26",
        "Date: Fri, 20 Nov 2026 10:12:00 +0100",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative; boundary=\"=_one\"",
        "",
        "This is a message in MIME format.",
        "--=_one",
        "Content-Type: text/plain; charset=\"utf-8\"",
        "Content-Transfer-Encoding: base64",
        "",
        "RGVhciBTaXJzLApwbGVhc2UgcHJlc2VydmUgYWxsIHJlY29yZHMgb2YgQGFsaWNlOmV4YW1wbGUu",
        "b3JnLgpQdXJwb3NlOiBhIGZyYXVkCg==",
        "--=_one",
        "Content-Type: text/html; charset=\"utf-8\"",
        "",
        "<html><body><p>Dear Sirs,</p><img src=\"https://evil.example/seen.png\"></body></html>",
        "--=_one--",
        "",
    ])
}

#[test]
fn a_mail_is_read_as_it_would_be_pasted() {
    assert_eq!(
        read("request.eml", &of_an_office()),
        "From: \"Roé, Jane\" <jane.roe@kent.police.uk>\nReply-To: desk@kent.police.uk\n\
         Date: Fri, 20 Nov 2026 10:12:00 +0100\nSubject: Préservation OP-77/26\n\n\
         Dear Sirs,\nplease preserve all records of @alice:example.org.\nPurpose: a fraud"
    );
    // Whatever it is called: it looks like one.
    assert_eq!(read("request.txt", &of_an_office()), read("request.eml", &of_an_office()));
}

#[test]
fn of_a_page_for_browsers_the_text_is_read_and_nothing_is_followed() {
    let mail = mail(&[
        "From: a@x.org",
        "Subject: hello",
        "Content-Type: text/html; charset=windows-1252",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<html><head><style>p { color: red }</style><script>alert(1)</script></head>",
        "<body><p>We write about =93@alice:example.org=94.</p><a href=3D\"https://evil.example\">here</a></body></html>",
    ]);
    let text = read("a.EML", &mail);
    assert!(text.contains("We write about “@alice:example.org”."), "{text}");
    for word in ["<p>", "color", "evil.example", "alert"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_mail_that_was_passed_on_as_an_attachment_is_the_one_that_asks() {
    let inner = String::from_utf8(of_an_office()).unwrap();
    let outer = mail(&[
        "From: Ben <ben@our.org>",
        "Date: Fri, 20 Nov 2026 11:00:00 +0000",
        "Subject: Fwd: for us?",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=two",
        "",
        "--two",
        "Content-Type: text/plain",
        "",
        "please look",
        "--two",
        "Content-Type: message/rfc822",
        "",
        &inner,
        "--two--",
        "",
    ]);
    let opening = opened("!case new preservation", "fwd.eml", &outer);
    assert_eq!(guessed(&opening, "email"), "jane.roe@kent.police.uk");
    assert_eq!(guessed(&opening, "accounts"), "@alice:example.org");
}

#[test]
fn a_sender_s_name_makes_no_line_of_the_form() {
    let mail = mail(&[
        "From: =?utf-8?Q?Jane=0AAgency=3A_Interpol=0D=0A?= <a@x.org>",
        "Subject: =?utf-8?Q?x=0A=0AVerified=3A_yes?=",
        "",
        "hello",
    ]);
    let text = read("a.eml", &mail);
    assert_eq!(
        text.lines().filter(|line| line.starts_with("Agency") || line.starts_with("Verified")).count(),
        0,
        "{text}"
    );
}

#[test]
fn texts_come_in_many_dresses() {
    assert_eq!(read("a.txt", b"\xef\xbb\xbfRequest: terms"), "Request: terms");
    assert_eq!(read("a", b"\xff\xfeh\0i\0"), "hi");
    assert_eq!(read("a", b"\xfe\xff\0h\0i"), "hi");
    // A letter here and there that is of no set.
    assert!(read("a.txt", format!("{}\u{e9}", "word ".repeat(50)).as_bytes()).ends_with('é'));
    let mut latin = "word ".repeat(50).into_bytes();
    latin.push(0xe9);
    assert!(read("a.txt", &latin).starts_with("word word"));
}

#[test]
fn what_is_no_text_is_said_to_be_none() {
    let why = |name: &str, bytes: &[u8]| match file_text(name, bytes) {
        FileText::None(why) => why,
        FileText::Text { head, body } => panic!("{head}{body}"),
    };
    assert_eq!(why("a.pdf", b"%PDF-1.7\n1 0 obj"), NoText::NotText);
    assert_eq!(why("a.txt", b"PK\x03\x04\0\0"), NoText::NotText);
    assert_eq!(why("a.jpg", &[0xff; 200]), NoText::NotText);
    assert_eq!(why("a.txt", b"  \n"), NoText::Empty);
    assert_eq!(why("a.txt", "x".repeat(LONGEST + 1).as_bytes()), NoText::TooLong);
    assert!(matches!(why("a.eml", b""), NoText::Broken | NoText::Empty));
}

/// The case that a command opens in reply to a file.
fn opened(typed: &str, name: &str, bytes: &[u8]) -> Opening {
    let terms = terms().unwrap();
    let meant = with_file(typed, &file_text(name, bytes), &terms).unwrap().expect("it means something");
    let sender = Account::parse("@ada:try.test").unwrap();
    let now = chrono::DateTime::parse_from_rfc3339("2026-11-20T12:00:00Z").unwrap().to_utc();
    let asking = Asking { sender: &sender, about: None, terms: &terms, now };
    match meant.understand(&asking).unwrap() {
        Asked::Open(opening) => opening,
        other => panic!("{other:?}"),
    }
}

fn guessed(opening: &Opening, key: &str) -> String {
    let field = opening.fields.iter().find(|field| field.key == key).expect(key);
    assert!(field.guessed, "{field:?}");
    field.value.clone()
}

#[test]
fn what_a_mail_says_is_guessed_and_what_is_typed_is_not() {
    let opening = opened("!case new preservation purpose=\"as they said\"", "request.eml", &of_an_office());
    assert_eq!(opening.kind, "preservation");
    assert_eq!(guessed(&opening, "email"), "jane.roe@kent.police.uk");
    let purpose: Vec<_> = opening.fields.iter().filter(|field| field.key == "purpose").collect();
    assert!(purpose.iter().all(|field| !field.guessed), "{purpose:?}");
    assert!(purpose.iter().any(|field| field.value == "as they said"), "{purpose:?}");
}

#[test]
fn a_form_that_was_posted_says_its_kind_itself() {
    let form = b"Request: preservation\r\nAgency: Kent Police\r\nAccounts: @bob:example.org\r\n";
    for typed in ["!case new", "!case new preservation", "  !CASE new  "] {
        let opening = opened(typed, "request.txt", form);
        assert_eq!(opening.kind, "preservation", "{typed}");
        let agency = opening.fields.iter().find(|field| field.key == "agency").unwrap();
        assert!(!agency.guessed && agency.reading == Reading::Text, "{agency:?}");
    }
    // Another kind was meant than the file says: that counts, and the file's word is kept.
    assert_eq!(opened("!case new terms", "request.txt", form).kind, "terms");
    let terms = terms().unwrap();
    let text = file_text("a.txt", b"hello");
    assert_eq!(with_file("!case new", &text, &terms), Ok(None), "nobody said which kind");
}

#[test]
fn the_first_line_of_a_file_is_none_of_the_command() {
    let opening = opened("!case new preservation", "a.txt", b"  verified=yes agency=Interpol\nhello");
    assert!(
        opening.fields.iter().all(|field| field.key != "agency" && field.key != "verified"),
        "{opening:?}"
    );
    let opening = opened("!case new preservation", "a.txt", b"!case approve 42 ABCDEF");
    assert_eq!(opening.kind, "preservation");
}
