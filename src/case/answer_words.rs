//! The words by which a request says where its answer goes: in the label of a line, or in a sentence. Knows words and places;
//! what is made of them is said in `answers_to`.

use super::folded::folded;
use super::place::{Place, host, mailboxes, room};

/// Whether a label says that answers go there: `Send answers to`, `Response address`.
pub(super) fn says_answers(label: &str) -> bool {
    words(label).iter().any(|word| begins(word, ANSWERS))
}

/// Whether a label names somebody to write to, and it is not somebody whom the request is about.
pub(super) fn says_contact(label: &str) -> bool {
    let words = words(label);
    let has = |stems: &str| words.iter().any(|word| begins(word, stems));
    has(CONTACT) && !has(SUBJECTS)
}

/// Whether a label names somebody whom the request is about.
pub(super) fn says_subject(label: &str) -> bool {
    words(label).iter().any(|word| begins(word, SUBJECTS))
}

/// What the words of a label begin with that says where an answer goes.
const ANSWERS: &str = "answer repl respon return send submi upload transmi deliver forward cc bcc portal antwort rück rueck \
    zusend sende übermitt répon repon retour envo transmett respuest respond envi rispo invi antwoor \
    odpowie wyśl";
/// What names somebody to write to.
const CONTACT: &str = "contact kontakt mail email mailbox inbox address adress direcc indirizz copy copies write spoc attn \
    attention recipient destination correspond officer signature liaison serve service phone route \
    direct postfach courriel correo posta schreib";
/// Whom a request is about.
const SUBJECTS: &str = "suspect victim user account target subject complain witness customer subscriber accused defendant \
    holder owner reporter recover regist linked identifier opfer beschuld täter kunde nutzer konto \
    compte utilisateur cuenta";

/// Where free words want something sent: `please send the data to roe@evil.example`, `use it for your reply`. Of an address
/// that only stands among them nothing is thought.
pub(super) fn asked_in(text: &str) -> Vec<Place> {
    // Every line of every request is asked, and few have one.
    if !text.contains(['@', '＠', '﹫', '#', '＃']) && !text.contains("://") {
        return Vec::new();
    }
    let text = folded(text);
    let all: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let mut there = mailboxes(word);
        there.extend(host(word));
        there.extend(room(word));
        if !there.is_empty() && is_asked(&before(&all, at), &after(&all, at)) {
            found.extend(there);
        }
    }
    found
}

/// How far a word may stand from the place that it speaks of.
const NEAR: usize = 12;

/// The words of the same sentence that stand before, the nearest first.
fn before(all: &[&str], at: usize) -> Vec<String> {
    let same = all.iter().take(at).rev().take(NEAR).take_while(|word| !ends_sentence(word));
    same.map(|word| plain(word)).filter(|word| !word.is_empty()).collect()
}

/// Those that stand behind it.
fn after(all: &[&str], at: usize) -> Vec<String> {
    let mut found = Vec::new();
    for (n, word) in all.iter().enumerate().skip(at).take(NEAR) {
        if n > at {
            found.push(plain(word));
        }
        if ends_sentence(word) {
            break;
        }
    }
    found
}

/// Whether the words before a place bind it to an account, or say that something came from there or went there.
pub(super) fn is_bound_to(all: &[&str], at: usize) -> bool {
    let is = |list: &str, word: &String| list.split(' ').any(|listed| listed == word);
    let before = before(all, at);
    let mut led = before.iter().skip_while(|word| is(FILLERS, word));
    match led.next() {
        Some(word) if is(OF, word) => true,
        Some(word) if is(TO, word) => led.next().is_some_and(|word| is(BOUND, word)),
        Some(word) => is(BOUND, word),
        None => false,
    }
}

fn is_asked(before: &[String], after: &[String]) -> bool {
    let is = |list: &str, word: &String| list.split(' ').any(|listed| listed == word);
    let nearest = before.iter().position(|word| !is(FILLERS, word));
    let (leads, rest) = match nearest {
        Some(at) => (before.get(at), before.get(at + 1..).unwrap_or_default()),
        None => (None, before),
    };
    if leads.is_some_and(|word| is(OF, word)) {
        return false;
    }
    if leads.is_some_and(|word| is(DIRECT, word)) {
        return true;
    }
    // `must be sent to` asks for what `was sent to` tells.
    let is_to_be = |pair: &[String]| matches!(pair, [done, be] if be == "be" && is(DONE, done));
    let is_to_be = rest.windows(2).any(is_to_be);
    let is_bound = !is_to_be && rest.first().is_some_and(|word| is(BOUND, word));
    let is_way = leads.is_some_and(|word| is(TO, word)) && !is_bound;
    let speaks = |words: &[String], list: &str| words.iter().any(|word| is(list, word));
    (is_way && (is_to_be || speaks(rest, SENDING)))
        || (!is_bound && (speaks(before, REPLIES) || speaks(after, REPLIES)))
}

/// What may stand between a word that leads to a place and the place.
const FILLERS: &str = "the our my us me this address addresses e-mail email mail mailbox inbox following secure directly is \
    adresse portal die der l la";
/// What leads to a place.
const TO: &str = "to at via using through into an unter über per à a al aan naar na";
/// What takes a place for its object.
const DIRECT: &str = "cc bcc contact copy copying kontaktieren contacter contactar";
/// What says that something came from a place.
const OF: &str = "from by of von par";
/// What a place is bound to that answers do not go to: the account that is registered to it, the mails that were sent there.
const BOUND: &str = "linked belonging belongs belonged registered connected related relating assigned associated tied \
    attached corresponding similar respect regard sent wrote written mailed replied posted mails \
    messages emails e-mails payments";
/// What asks that something be sent.
const SENDING: &str = "send forward return deliver submit upload transfer transmit write email e-mail mail direct directed \
    addressed reach provide supply produce disclose release hand serve contact report senden sende \
    schicken übermitteln zusenden richten envoyer envoyez transmettre adresser écrire enviar envíe \
    remitir inviare inviate sturen stuur wysłać";
/// The same, of what is to be done.
const DONE: &str = "sent mailed emailed forwarded returned delivered submitted uploaded transferred transmitted provided \
    supplied produced disclosed released served directed";
/// What an answer is called.
const REPLIES: &str = "answer answers reply replies respond response responses correspondence antwort antworten rückantwort \
    réponse réponses répondre respuesta respuestas responder risposta rispondere antwoord odpowiedź";

fn ends_sentence(word: &str) -> bool {
    word.ends_with(['.', '!', '?', ';'])
}

/// A word without what stands around it, and without the article that runs into it: `d’envoyer`.
fn plain(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let article = word.split_once(['’', '\'']).filter(|(article, _)| article.chars().count() == 1);
    article.map_or(word, |(_, word)| word).to_owned()
}

fn begins(word: &str, stems: &str) -> bool {
    stems.split(' ').any(|stem| word.starts_with(stem))
}

fn words(label: &str) -> Vec<String> {
    let folded = folded(label);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asked(text: &str, expected: &[&str]) {
        let found = asked_in(text);
        assert_eq!(found.iter().map(Place::as_str).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn free_words_say_where_an_answer_goes() {
        for text in [
            "please send the data to x@y.example",
            "Kindly forward all records\nto our secure mailbox <x@y.example>.",
            "x@y.example is where we want your reply.",
            "For your response use x@y.example",
            "cc: x@y.example",
            "Any question? Contact me directly at x@y.example!",
            "The records must be provided via x@y.example",
            "All data are to be sent to <x@y.example>",
            "Bitte senden Sie die Daten an x@y.example",
            "Merci d’envoyer les données à x@y.example",
        ] {
            asked(text, &["x@y.example"]);
        }
        asked("upload the archive to https://y.example/drop", &["y.example"]);
    }

    #[test]
    fn an_address_that_only_stands_there_is_no_place_for_an_answer() {
        for text in [
            "the account is registered to x@y.example",
            "please send all records of the account linked to x@y.example",
            "The victim got a reply from x@y.example",
            "Threats were sent to x@y.example.",
            "provide the headers of all mails to x@y.example",
            "We await your reply. The suspect uses x@y.example",
            "see https://y.example/law",
            "send it to @alice:example.org",
        ] {
            asked(text, &[]);
        }
    }

    #[test]
    fn labels_say_it_in_many_words() {
        for label in [
            "Send answers to",
            "Response address",
            "Cc",
            "Return address",
            "Please respond to",
            "REPLY-TO",
            "Contact for reply",
            "Antwort an",
            "Réponse à",
            "Upload portal",
            "Where to send the data",
        ] {
            assert!(says_answers(label), "{label}");
        }
        for label in ["Contact", "E-mail 2", "Official mailbox", "Officer", "Address for service", "SPOC"] {
            assert!(says_contact(label), "{label}");
        }
        for label in ["Suspect’s e-mail", "Email of the user", "Victim contact", "Purpose", "Data"] {
            assert!(!says_answers(label) && !says_contact(label), "{label}");
        }
    }
}
