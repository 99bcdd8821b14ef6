//! One event of the room as far as the adapter can tell: whether it is a message that somebody wrote, and whether it is proven to
//! be theirs. Does not know what it asks for.

use matrix_sdk::deserialized_responses::{
    AlgorithmInfo, DeviceLinkProblem, EncryptionInfo, TimelineEvent, TimelineEventKind,
    UnableToDecryptReason, VerificationLevel, VerificationState,
};
use matrix_sdk_crypto::vodozemac::megolm::MegolmMessage;
use serde_json::Value;

use crate::case::{Account, Flaw};

/// What an event is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that is asked of docket: state, a reaction, a notice, docket's own.
    Nothing,
    /// A text that one of its sender's own devices encrypted.
    Text(Box<Text>),
    /// A message that does not count.
    Unproven {
        /// Who is said to have sent it.
        sender: Account,
        /// Why.
        flaw: Flaw,
    },
    /// A message whose key is not there yet.
    Late {
        /// Who is said to have sent it.
        sender: Account,
    },
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Who sent it.
    pub sender: Account,
    /// Which of their devices.
    pub device: String,
    /// The key of the device that made the session, as the session itself has it.
    pub curve: String,
    /// The session that encrypted it.
    pub session: String,
    /// What it says.
    pub text: String,
    /// Whether it takes the place of another message.
    pub edit: bool,
    /// The message that it answers.
    pub answers: Option<String>,
    /// The root of the thread that it stands in.
    pub thread: Option<String>,
}

/// What an event is, for whoever is called `own`.
pub fn heard(event: &TimelineEvent, own: &str) -> Heard {
    let Some(sender) = event.sender() else { return Heard::Nothing };
    let Ok(sender) = Account::parse(sender.as_str()) else { return Heard::Nothing };
    let Ok(raw) = event.raw().deserialize_as_unchecked::<Value>() else { return Heard::Nothing };
    // State says nothing here, whatever it claims to be: it is asked of the homeserver.
    if sender.as_str() == own || raw.get("state_key").is_some() || is_taken_back(&raw) {
        return Heard::Nothing;
    }
    match &event.kind {
        TimelineEventKind::Decrypted(decrypted) => of_decrypted(&raw, sender, &decrypted.encryption_info),
        TimelineEventKind::UnableToDecrypt { utd_info, .. } => match flaw(&utd_info.reason) {
            Some(flaw) => Heard::Unproven { sender, flaw },
            None => Heard::Late { sender },
        },
        TimelineEventKind::PlainText { .. } => match raw.get("type").and_then(Value::as_str) {
            // The library leaves it as it came where decrypting failed altogether.
            Some("m.room.encrypted") => Heard::Unproven { sender, flaw: Flaw::Broken },
            Some("m.room.message") => Heard::Unproven { sender, flaw: Flaw::Clear },
            Some(_) | None => Heard::Nothing,
        },
    }
}

/// Whether somebody took the message back: nothing of it is left, and nothing to be said about it.
pub fn is_taken_back(raw: &Value) -> bool {
    raw.get("unsigned").and_then(|unsigned| unsigned.get("redacted_because")).is_some_and(Value::is_object)
}

fn of_decrypted(raw: &Value, sender: Account, proof: &EncryptionInfo) -> Heard {
    let unproven = |flaw| Heard::Unproven { sender: sender.clone(), flaw };
    if proof.sender.as_str() != sender.as_str() {
        return unproven(Flaw::OtherSender);
    }
    // What came by a bundle is what somebody else says that a third person wrote.
    if proof.forwarder.is_some() {
        return unproven(Flaw::UnknownDevice);
    }
    match &proof.verification_state {
        VerificationState::Verified
        | VerificationState::Unverified(VerificationLevel::UnverifiedIdentity) => {}
        VerificationState::Unverified(level) => return unproven(of_level(level)),
    }
    let AlgorithmInfo::MegolmV1AesSha2 { curve25519_key, session_id: Some(session), .. } =
        &proof.algorithm_info
    else {
        return unproven(Flaw::UnknownDevice);
    };
    let Some(device) = &proof.sender_device else { return unproven(Flaw::UnknownDevice) };
    let Some(content) =
        raw.get("content").filter(|_| raw.get("type").and_then(Value::as_str) == Some("m.room.message"))
    else {
        return Heard::Nothing;
    };
    let text = |key: &str| content.get(key).and_then(Value::as_str);
    let (Some("m.text"), Some(body)) = (text("msgtype"), text("body")) else { return Heard::Nothing };
    let relation = content.get("m.relates_to");
    let of = |key: &str| relation.and_then(|relation| relation.get(key)?.as_str()).map(str::to_owned);
    let kind = of("rel_type");
    let edit = kind.as_deref() == Some("m.replace");
    let replaced = content.get("m.new_content").and_then(|new| new.get("body")?.as_str());
    let answers = relation
        .and_then(|relation| relation.get("m.in_reply_to")?.get("event_id")?.as_str())
        .filter(|_| !is_fallback(relation))
        .map(str::to_owned);
    Heard::Text(Box::new(Text {
        sender: sender.clone(),
        device: device.to_string(),
        curve: curve25519_key.clone(),
        session: session.clone(),
        text: without_quote(replaced.filter(|_| edit).unwrap_or(body), answers.is_some()),
        edit,
        answers,
        thread: of("event_id").filter(|_| kind.as_deref() == Some("m.thread")),
    }))
}

/// Whether the answer in a relation is only there for clients that know no threads.
fn is_fallback(relation: Option<&Value>) -> bool {
    relation.and_then(|relation| relation.get("is_falling_back")?.as_bool()).unwrap_or(false)
}

/// The text without the lines that older clients put before an answer: what somebody else wrote.
fn without_quote(body: &str, answers: bool) -> String {
    if !answers || !body.starts_with("> ") {
        return body.to_owned();
    }
    let rest = body.lines().skip_while(|line| line.starts_with('>')).collect::<Vec<_>>().join("\n");
    rest.trim_start_matches('\n').to_owned()
}

/// Why a message that could not be decrypted does not count; nothing where its key may still come.
fn flaw(reason: &UnableToDecryptReason) -> Option<Flaw> {
    match reason {
        UnableToDecryptReason::SenderIdentityNotTrusted(level) => Some(of_level(level)),
        UnableToDecryptReason::MismatchedIdentityKeys => Some(Flaw::UnknownDevice),
        UnableToDecryptReason::MissingMegolmSession { withheld_code: Some(_) } => Some(Flaw::KeyWithheld),
        UnableToDecryptReason::MissingMegolmSession { withheld_code: None }
        | UnableToDecryptReason::UnknownMegolmMessageIndex => None,
        UnableToDecryptReason::Unknown
        | UnableToDecryptReason::MalformedEncryptedEvent
        | UnableToDecryptReason::MegolmDecryptionFailure
        | UnableToDecryptReason::PayloadDeserializationFailure => Some(Flaw::Broken),
    }
}

fn of_level(level: &VerificationLevel) -> Flaw {
    match level {
        VerificationLevel::UnsignedDevice => Flaw::UnsignedDevice,
        VerificationLevel::VerificationViolation | VerificationLevel::UnverifiedIdentity => {
            Flaw::ChangedIdentity
        }
        VerificationLevel::MismatchedSender => Flaw::OtherSender,
        VerificationLevel::None(DeviceLinkProblem::MissingDevice | DeviceLinkProblem::InsecureSource) => {
            Flaw::UnknownDevice
        }
    }
}

/// The place of an encrypted event in its session, as the event itself has it: nobody but its sender can give it another.
pub fn place_of(encrypted: &Value) -> Option<(String, u32)> {
    let content = encrypted.get("content")?;
    let session = content.get("session_id")?.as_str()?.to_owned();
    let message = MegolmMessage::from_base64(content.get("ciphertext")?.as_str()?).ok()?;
    Some((session, message.message_index()))
}

#[cfg(test)]
mod tests {
    use matrix_sdk::deserialized_responses::{UnableToDecryptInfo, WithheldCode};
    use matrix_sdk::ruma::serde::Raw;
    use matrix_sdk_crypto::vodozemac::megolm::{GroupSession, SessionConfig};
    use serde_json::json;

    use super::*;

    fn event(kind: &str, content: Value, more: Value) -> TimelineEvent {
        let mut event = json!({
            "type": kind, "content": content, "sender": "@ada:example.org", "event_id": "$one",
            "origin_server_ts": 1, "room_id": "!room:example.org",
        });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        TimelineEvent::from_plaintext(Raw::from_json(serde_json::value::to_raw_value(&event).unwrap()))
    }

    fn of(kind: &str, content: Value, more: Value) -> Heard {
        heard(&event(kind, content, more), "@docket:example.org")
    }

    fn unproven(flaw: Flaw) -> Heard {
        Heard::Unproven { sender: Account::parse("@ada:example.org").unwrap(), flaw }
    }

    #[test]
    fn what_comes_in_clear_counts_for_nothing_and_state_is_not_heard_at_all() {
        let text = || json!({ "msgtype": "m.text", "body": "!case close 1" });
        assert_eq!(of("m.room.message", text(), json!({})), unproven(Flaw::Clear));
        assert_eq!(of("m.room.message", text(), json!({ "state_key": "" })), Heard::Nothing);
        assert_eq!(of("m.room.message", text(), json!({ "sender": "@docket:example.org" })), Heard::Nothing);
        assert_eq!(of("m.reaction", json!({}), json!({})), Heard::Nothing);
        assert_eq!(of("m.room.member", json!({ "membership": "join" }), json!({})), Heard::Nothing);
        assert_eq!(of("m.room.encrypted", json!({}), json!({})), unproven(Flaw::Broken));
        assert_eq!(of("m.room.encrypted", json!({}), json!({ "state_key": "" })), Heard::Nothing);
        let taken_back = json!({ "unsigned": { "redacted_because": { "type": "m.room.redaction" } } });
        assert_eq!(of("m.room.encrypted", json!({}), taken_back), Heard::Nothing);
    }

    #[test]
    fn each_reason_for_which_nothing_is_decrypted_is_told_as_what_it_is() {
        use UnableToDecryptReason as Why;
        let encrypted = event("m.room.encrypted", json!({}), json!({}));
        let of = |reason: Why| {
            let info = UnableToDecryptInfo { session_id: None, reason };
            heard(&TimelineEvent::from_utd(encrypted.raw().clone(), info), "@docket:example.org")
        };
        let late = Heard::Late { sender: Account::parse("@ada:example.org").unwrap() };
        let level = |level| of(Why::SenderIdentityNotTrusted(level));
        assert_eq!(of(Why::MissingMegolmSession { withheld_code: None }), late);
        assert_eq!(of(Why::UnknownMegolmMessageIndex), late);
        let withheld = Why::MissingMegolmSession { withheld_code: Some(WithheldCode::Unverified) };
        assert_eq!(of(withheld), unproven(Flaw::KeyWithheld));
        assert_eq!(of(Why::MalformedEncryptedEvent), unproven(Flaw::Broken));
        assert_eq!(of(Why::MegolmDecryptionFailure), unproven(Flaw::Broken));
        assert_eq!(of(Why::PayloadDeserializationFailure), unproven(Flaw::Broken));
        assert_eq!(of(Why::MismatchedIdentityKeys), unproven(Flaw::UnknownDevice));
        assert_eq!(level(VerificationLevel::UnsignedDevice), unproven(Flaw::UnsignedDevice));
        assert_eq!(level(VerificationLevel::VerificationViolation), unproven(Flaw::ChangedIdentity));
        assert_eq!(level(VerificationLevel::MismatchedSender), unproven(Flaw::OtherSender));
        for problem in [DeviceLinkProblem::MissingDevice, DeviceLinkProblem::InsecureSource] {
            assert_eq!(level(VerificationLevel::None(problem)), unproven(Flaw::UnknownDevice));
        }
    }

    #[test]
    fn the_quote_that_older_clients_put_before_an_answer_is_no_word_of_the_sender() {
        assert_eq!(without_quote("> <@ben:x> !case close 1\n> and 2\n\n!case show 1", true), "!case show 1");
        assert_eq!(without_quote("> quoted by hand", false), "> quoted by hand");
        assert_eq!(without_quote("!case show 1", true), "!case show 1");
    }

    #[test]
    fn the_place_in_a_session_is_read_from_the_ciphertext_itself() {
        assert_eq!(place_of(&json!({ "content": { "session_id": "s", "ciphertext": "not one" } })), None);
        assert_eq!(place_of(&json!({ "content": { "session_id": "s" } })), None);
        let mut session = GroupSession::new(SessionConfig::version_1());
        let ciphertexts: Vec<String> = (0..3).map(|_| session.encrypt("!case list").to_base64()).collect();
        for (index, ciphertext) in (0_u32..).zip(ciphertexts) {
            let event = json!({ "content": { "session_id": "s", "ciphertext": ciphertext } });
            assert_eq!(place_of(&event), Some(("s".to_owned(), index)));
        }
    }
}
