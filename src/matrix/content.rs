//! A post of docket's as the content of a message. Knows no room and sends nothing.
//!
//! Inside the encrypted content each names the case that it is about, so that an answer to it is known to be about that case:
//! what stands outside, the relation, any server can bend. And each carries its mark ([`super::mark`]).

use matrix_sdk::ruma::events::AnyMessageLikeEventContent;
use matrix_sdk::ruma::serde::Raw;
use serde_json::{Map, Value, json};

use super::mark::Mark;
use crate::case::CaseId;
use crate::chat::text;
use crate::desk::Post;

/// The key under which the case stands.
const CASE: &str = "org.docket.case";
const HTML: &str = "org.matrix.custom.html";
/// The most bytes that a content may have: encrypted an event may have 64 KiB, and four bytes are made of three.
const MOST_BYTES: usize = 44_000;
/// The most bytes of text that is sent without anything beside it; as JSON each may become six.
const MOST_PLAIN: usize = 7_000;
/// The most bytes of a line that stands for the whole.
const MOST_OF_A_LINE: usize = 200;

/// How much of a post is sent. A homeserver that refuses one form for good is given the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// All of it.
    Whole,
    /// Its text, without relation and HTML.
    Plain,
    /// That there is something to be said, and no more.
    Bare,
}

impl Form {
    /// What tells the forms apart in the id of the request.
    pub fn mark(self) -> &'static str {
        match self {
            Form::Whole => "",
            Form::Plain => "-plain",
            Form::Bare => "-bare",
        }
    }

    /// The next, if there is one.
    pub fn plainer(self) -> Option<Form> {
        match self {
            Form::Whole => Some(Form::Plain),
            Form::Plain => Some(Form::Bare),
            Form::Bare => None,
        }
    }
}

/// The content of a post. `thread` is the root of the thread in which it was asked.
pub fn content(
    post: &Post,
    thread: Option<&str>,
    form: Form,
    mark: &Mark,
) -> anyhow::Result<Raw<AnyMessageLikeEventContent>> {
    let mut content = match form {
        Form::Whole => {
            let whole = related(post, thread, said(post));
            let fits = serde_json::to_vec(&whole)?.len() <= MOST_BYTES;
            if fits { whole } else { related(post, thread, plain(post)) }
        }
        Form::Plain => plain(post),
        Form::Bare => {
            let mut bare = plain(post);
            bare.insert("body".to_owned(), text::could_not_be_sent(post.case).text().into());
            bare
        }
    };
    mark.put_into(&mut content);
    Ok(Raw::from_json(serde_json::value::to_raw_value(&content)?))
}

/// Whether all of a post fits into one event.
pub fn fits(post: &Post, thread: Option<&str>) -> anyhow::Result<bool> {
    let is_whole = !post.page.is_cut();
    Ok(is_whole && serde_json::to_vec(&related(post, thread, said(post)))?.len() <= MOST_BYTES)
}

/// The message with the file in it that stands for a post: `file` is what the upload gave back.
pub fn of_file(
    post: &Post,
    thread: Option<&str>,
    (name, mime): (&str, &str),
    size: usize,
    file: &Value,
    mark: &Mark,
) -> anyhow::Result<Raw<AnyMessageLikeEventContent>> {
    let mut content = Map::new();
    content.insert("msgtype".to_owned(), "m.file".into());
    content.insert("body".to_owned(), name.into());
    content.insert("filename".to_owned(), name.into());
    content.insert("info".to_owned(), json!({ "size": size, "mimetype": mime }));
    content.insert("file".to_owned(), file.clone());
    content.insert("m.mentions".to_owned(), json!({}));
    if let Some(case) = post.case {
        content.insert(CASE.to_owned(), case.number().into());
    }
    let mut content = related(post, thread, content);
    mark.put_into(&mut content);
    Ok(Raw::from_json(serde_json::value::to_raw_value(&content)?))
}

fn related(post: &Post, thread: Option<&str>, mut content: Map<String, Value>) -> Map<String, Value> {
    if let Some(edited) = &post.edits {
        let new = Value::Object(content.clone());
        content.insert("m.new_content".to_owned(), new);
        // What stands beside it is for clients that know no edits, and would make the event twice as long.
        content.remove("formatted_body");
        content.remove("format");
        content.insert("body".to_owned(), first_line(post).into());
        content.insert("m.relates_to".to_owned(), json!({ "rel_type": "m.replace", "event_id": edited }));
    } else if let Some(root) = thread.or(post.thread.as_deref()) {
        let shown_to_others = post.reply_to.as_deref().unwrap_or(root);
        content.insert(
            "m.relates_to".to_owned(),
            json!({
                "rel_type": "m.thread", "event_id": root, "is_falling_back": post.reply_to.is_none(),
                "m.in_reply_to": { "event_id": shown_to_others },
            }),
        );
    } else if let Some(answered) = &post.reply_to {
        content.insert("m.relates_to".to_owned(), json!({ "m.in_reply_to": { "event_id": answered } }));
    }
    content
}

fn said(post: &Post) -> Map<String, Value> {
    let mut content = plain(post);
    content.insert("body".to_owned(), post.page.text().into());
    content.insert("format".to_owned(), HTML.into());
    content.insert("formatted_body".to_owned(), post.page.html().into());
    content
}

fn plain(post: &Post) -> Map<String, Value> {
    // Whoever must act is called; what is routine makes no sound.
    let kind = if post.mentions.is_empty() { "m.notice" } else { "m.text" };
    let mentions: Vec<&str> = post.mentions.iter().map(|account| account.as_str()).collect();
    let mut content = Map::new();
    content.insert("msgtype".to_owned(), kind.into());
    content.insert("body".to_owned(), clip(&post.page.text(), MOST_PLAIN).into());
    content.insert("m.mentions".to_owned(), json!({ "user_ids": mentions }));
    if let Some(case) = post.case {
        content.insert(CASE.to_owned(), case.number().into());
    }
    content
}

/// As much of a text as fits, with the sign that more was there.
fn clip(text: &str, most: usize) -> String {
    match text.char_indices().map(|(at, _)| at).find(|at| *at > most) {
        None => text.to_owned(),
        Some(end) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// What stands for a post where only a line of it is shown.
fn first_line(post: &Post) -> String {
    clip(post.page.text().lines().next().unwrap_or_default(), MOST_OF_A_LINE)
}

/// The case that a message of docket's own names.
pub fn case_of(content: &Value) -> Option<CaseId> {
    CaseId::new(u32::try_from(content.get(CASE)?.as_u64()?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::mark::Numbers;
    use super::*;
    use crate::case::Account;
    use crate::chat::page::{Line, Page};
    use crate::desk::PostKind;
    use crate::ports::{Hash, Head, Seq};

    fn post(text: &str) -> Post {
        let page = Page::of(Line::ours(text));
        Post { case: CaseId::new(42), ..Post::new("a-transaction".to_owned(), PostKind::Reply, page) }
    }

    fn mark() -> Mark {
        let numbers = Numbers::new("0123456789abcdef0123456789abcdef".to_owned(), u64::MAX - 1);
        let head = Head { seq: Seq(u64::MAX), hash: Hash([0xff; 32]) };
        Mark { txn: "f".repeat(64), stand: Some(numbers.next(head)) }
    }

    fn made(post: &Post, thread: Option<&str>, form: Form) -> Value {
        content(post, thread, form, &mark()).unwrap().deserialize_as_unchecked().unwrap()
    }

    #[test]
    fn what_is_routine_makes_no_sound_and_whoever_must_act_is_called() {
        assert_eq!(made(&post("done"), None, Form::Whole)["msgtype"], "m.notice");
        let called = Post { mentions: vec![Account::parse("@ada:example.org").unwrap()], ..post("act") };
        let called = made(&called, None, Form::Whole);
        assert_eq!(called["msgtype"], "m.text");
        assert_eq!(called["m.mentions"]["user_ids"], json!(["@ada:example.org"]));
    }

    #[test]
    fn a_message_names_its_case_inside() {
        assert_eq!(case_of(&made(&post("C-42 · closed"), None, Form::Whole)), CaseId::new(42));
        assert_eq!(case_of(&json!({ "body": "C-7" })), None);
    }

    #[test]
    fn it_is_answered_where_it_was_asked() {
        let answer = Post { reply_to: Some("$asked".to_owned()), ..post("done") };
        let plain = made(&answer, None, Form::Whole);
        assert_eq!(plain["m.relates_to"], json!({ "m.in_reply_to": { "event_id": "$asked" } }));
        let relation = &made(&answer, Some("$card"), Form::Whole)["m.relates_to"];
        assert_eq!((&relation["rel_type"], &relation["event_id"]), (&json!("m.thread"), &json!("$card")));
        assert_eq!(relation["is_falling_back"], false);
        let reminder = Post { thread: Some("$card".to_owned()), ..post("due") };
        let relation = &made(&reminder, None, Form::Whole)["m.relates_to"];
        assert_eq!((&relation["event_id"], &relation["is_falling_back"]), (&json!("$card"), &json!(true)));
    }

    #[test]
    fn each_form_carries_the_mark_once() {
        let edit = Post { edits: Some("$card".to_owned()), ..post("C-42 · closed") };
        for post in [post("C-42 · closed"), edit] {
            for form in [Form::Whole, Form::Plain, Form::Bare] {
                let made = made(&post, None, form);
                assert_eq!(Mark::of(&made), Some(mark()), "{form:?}");
                assert_eq!(made.to_string().matches("org.docket.post").count(), 1, "{form:?}");
            }
        }
        let file = of_file(&post("long"), None, ("a.txt", "text/plain"), 1, &json!({}), &mark()).unwrap();
        assert_eq!(Mark::of(&file.deserialize_as_unchecked().unwrap()), Some(mark()));
    }

    #[test]
    fn an_edit_holds_the_new_text_once() {
        let edit = Post { edits: Some("$card".to_owned()), ..post("C-42 · closed") };
        let edit = made(&edit, None, Form::Whole);
        assert_eq!(edit["m.relates_to"], json!({ "rel_type": "m.replace", "event_id": "$card" }));
        assert_eq!(edit["m.new_content"]["formatted_body"], "C-42 · closed");
        assert!(edit.get("formatted_body").is_none());
    }

    #[test]
    fn whatever_is_said_fits_into_an_event() {
        for letter in ["a", "\\", "\u{1}", "é", "<"] {
            let long = Post { reply_to: Some("$asked".to_owned()), ..post(&letter.repeat(23_000)) };
            for long in [long.clone(), Post { edits: Some("$card".to_owned()), ..long }] {
                for form in [Form::Whole, Form::Plain, Form::Bare] {
                    let bytes = serde_json::to_vec(&made(&long, None, form)).unwrap().len();
                    assert!(bytes <= MOST_BYTES + 1_000, "{letter:?} as {form:?}: {bytes}");
                }
            }
        }
    }

    #[test]
    fn the_last_form_says_that_there_is_something_and_not_what() {
        let bare = made(&post("a very long answer"), Some("$card"), Form::Bare);
        assert!(bare["body"].as_str().unwrap().contains("about C-42"), "{bare}");
        assert!(bare.get("m.relates_to").is_none() && !bare.to_string().contains("very long"));
        let marks: std::collections::BTreeSet<&str> =
            [Form::Whole, Form::Plain, Form::Bare].iter().map(|form| form.mark()).collect();
        assert_eq!(marks.len(), 3, "each is a request of its own");
    }
}
