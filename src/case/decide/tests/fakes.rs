//! What users hear of a request that is not from whom it says (rules 25, 31, 61), and what whoever asked hears of the users.

use super::given::*;
use crate::case::letter::{NOTICE, draft, to_user};
use crate::case::*;

fn denied() -> Event {
    Event::VerificationTried {
        what: Verifiable::Requester,
        by: ada(),
        how: "not theirs".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    }
}

fn asked(kind: &str) -> Given {
    let asked = shipped_as(kind).with(accounts(&["@a:our.org"])).with(text("agency", "Kent Police"));
    asked.with(text("material", "mxc://our.org/1")).with(text("confidential", "no"))
}

/// The name of the notice, its text, and whether a copy goes with it.
fn told(given: &Given) -> (String, String, bool) {
    let told = to_user(&given.case, &account("@a:our.org"), &given.terms, given.now).unwrap();
    (told.draft.letter.name.clone(), told.draft.text(), told.copy != Copied::Nothing)
}

#[test]
fn users_hear_of_a_fake_that_somebody_asked_in_the_name_of_others() {
    for kind in ["information", "emergency", "preservation", "copyright", "removal", "other"] {
        let fake = asked(kind).after(denied()).done(refuse("unverified", None));
        let (name, says, has_copy) = told(&fake);
        assert_eq!((name.as_str(), has_copy), ("fake", false), "{kind}");
        assert!(says.contains("in the name of others") && !says.contains("authority"), "{says}");
        // No copy that people made goes with it either.
        assert!(!told(&fake.after(attached("copy", FileRole::Redacted))).2);
        // Where nobody knows, they hear that, and read who it said it was.
        let (name, says, has_copy) = told(&asked(kind).done(refuse("unverified", None)));
        assert_eq!((name.as_str(), has_copy), ("unconfirmed", true), "{kind}");
        assert!(says.contains("could not make sure") && !says.contains("authority"), "{says}");
        // Whoever is refused for something else may be whom they say.
        assert_ne!(told(&asked(kind).done(refuse("scope", None))).0, "unconfirmed", "{kind}");
    }
    // Confirmed after all, it is none.
    let confirmed = asked("preservation").after(denied()).called().done(refuse("scope", None));
    assert_eq!(told(&confirmed).0, NOTICE);
    // A policy without these words says what it said before.
    let fake = asked("preservation").after(denied()).done(refuse("unverified", None));
    let without = fake.under(|policy| policy.letters.retain(|letter| letter.name != "fake"));
    assert_eq!(told(&without).0, NOTICE);
}

#[test]
fn what_went_out_before_it_was_known_is_not_denied() {
    let given_out = asked("information").told_by("answer").after(denied()).done(refuse("unverified", None));
    assert!(told(&given_out).1.contains("records had gone out"));
    let fake = asked("information").after(denied()).done(refuse("unverified", None));
    assert!(told(&fake).1.contains("nobody gets anything"));
}

#[test]
fn whoever_was_told_of_an_authority_hears_that_it_was_none() {
    let settled = Event::NoticeSettled {
        account: account("@a:our.org"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    let answered =
        asked("preservation").called().after(Event::Answered { extent: Extent::Full }).after(settled);
    let again = answered.done(Command::Reopen { reason: None }).after(denied());
    let events = again.when(refuse("unverified", None)).happens();
    assert!(events.iter().any(|event| matches!(event, Event::ToldInVain { .. })), "{events:?}");
}

#[test]
fn nobody_writes_to_whoever_sent_a_fake_what_secrecy_takes() {
    let wish = shipped_as("preservation").with(accounts(&["@a:our.org"])).with(secrecy(Secrecy::Open));
    let has =
        |given: &Given| clocks(&given.case, &given.terms).iter().any(|clock| clock.name == "secrecy-letter");
    assert!(has(&wish) && !has(&wish.after(denied())));
}

#[test]
fn the_sender_of_a_notice_reads_the_same_whether_something_forbids_to_tell_the_user_or_not() {
    let notice = |field: Field| {
        let notice = shipped_as("copyright").with(field).with(text("officer", "J"));
        notice.after(Event::Answered { extent: Extent::Full })
    };
    let says = |given: &Given| draft(&given.case, "answer", None, &given.terms, given.now).unwrap().text();
    let free = notice(accounts(&["@a:our.org"]));
    let gag = Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None };
    let settled = |what| Event::NoticeSettled { account: account("@a:our.org"), what, at: None };
    let waived = settled(Telling::Waived { reason: "x".to_owned() });
    let withheld = settled(Telling::Withheld { reason: "life".to_owned(), review: now() });
    for event in [gag, waived, withheld, settled(Telling::Told { via: "mail".to_owned() })] {
        assert_eq!(says(&free.after(event)), says(&free));
    }
    assert!(says(&free).contains("Where nothing stands against it"));
    let named = vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }];
    let far = Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@z:far.org"]) };
    let nobody = says(&notice(far));
    assert!(nobody.contains("no user of ours") && !nobody.contains("we tell the user"), "{nobody}");
    // Two people found that nobody of ours is concerned.
    let found = shipped_as("copyright").with(text("officer", "J"));
    let found = found.after(Event::NobodyConcerned { reason: "x".to_owned() });
    assert!(says(&found.after(Event::Answered { extent: Extent::Full })).contains("no user of ours"));
}
