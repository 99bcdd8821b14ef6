//! Lines of a request that one of us typed since it came, in a letter that repeats them: they leave as our words, not as the request's.

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::as_it_came::{is_said, texts};
use crate::case::decide::{beyond_request, may_go_out, may_name, words_in};
use crate::case::directory::tests::agency;
use crate::case::*;

/// Jo's notice about alice's song.
fn notice() -> Given {
    let mut given = shipped_as("copyright")
        .with(accounts(&["@alice:our.org"]))
        .with(text("signature", "Jo Holder"))
        .with(text("work", "the song Quillfeather"))
        .numbered(2);
    given.terms.directory = vec![agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"])];
    given
}

/// An agency's request.
fn request() -> Given {
    let mut given = shipped_as("information")
        .with(text("agency", "Kent Police"))
        .with(text("officer", "DI Roe"))
        .with(text("reference", "OP-1"))
        .with(accounts(&["@alice:our.org"]))
        .with(text("context", "she was seen with OP-7 of Essex"));
    given.terms.directory = vec![
        agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
        agency("Essex Police", &["+44 1632 960300"], &["essex.police.uk"]),
    ];
    given
}

fn line(key: &str, says: &str) -> Command {
    set([put(text(key, says))])
}

fn ack() -> Command {
    let (letter, via) = ("ack".to_owned(), Channel::Mail);
    Command::RecordSent { letter, via, at: None, repeat: Repeat::Unsaid }
}

fn bound() -> Given {
    given("information").with(text("agency", "Zorkshire Constabulary")).after(Event::GagSet {
        ordered_by: "Insp. Jones".to_owned(),
        day: None,
        until: None,
        document: None,
    })
}

#[test]
fn they_name_nobody_to_a_user_whoever_typed_them() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let put = |says: &str| notice().done(line("officer", says));
    // Given a line that one of us typed, when a letter that repeats it is put on record, then it is held to what all our words are
    put("Bob, the Met asked for your data (C-1)").when(ack()).refused(names("C-1"));
    put("Kent Police").when(ack()).refused(names("Kent Police"));
    put("DC Zorkshire Constabulary").beside(bound()).when(ack()).refused(names("Zorkshire Constabulary"));
    let named = put("see C-1");
    assert_eq!(may_go_out(&named.case, &named.around, "ack", &named.terms), Err(names("C-1")));
    // A letter that does not repeat it may go, and what the request said itself is its own.
    assert!(words_in(&named.case, "none", &named.terms).is_empty());
    notice().with(text("officer", "Kent Police, C-1")).when(ack()).at_once();
}

#[test]
fn while_something_binds_about_the_user_a_second_person_reads_what_is_new_in_them() {
    let put = |says: &str| notice().done(line("officer", says));
    // Given a name that came late, when nothing binds, then one person is enough, and two while something does
    put("Ann Gray").when(ack()).at_once();
    put("Ann Gray").beside(bound()).when(ack()).proposed(Effect::Tell);
    let mut unknown = put("Ann Gray");
    unknown.around.naming = None;
    unknown.when(ack()).proposed(Effect::Tell);
    // What the request says in another place, and a slip set right, tells nobody anything.
    for says in ["Jo Holder", "jo holder", "Quillfeather"] {
        put(says).beside(bound()).when(ack()).at_once();
    }
    let slipped = notice().with(text("officer", "Jo Quilfeather"));
    slipped.done(line("officer", "Jo Quillfeather")).beside(bound()).when(ack()).at_once();
    slipped.done(line("officer", "Bo Quillfeather")).beside(bound()).when(ack()).proposed(Effect::Tell);
    // Cleared and typed again it is no more the request's than before, and put back it is.
    let again = slipped.done(line("officer", "")).done(line("officer", "they know of you"));
    again.beside(bound()).when(ack()).proposed(Effect::Tell);
    again.done(line("officer", "Jo Quilfeather")).beside(bound()).when(ack()).at_once();
}

#[test]
fn of_a_case_that_names_nobody_a_name_alone_is_no_hint() {
    // Given a notice that names no account, so that nobody can look what binds
    let mut nameless = notice();
    nameless.case.fields.retain(|field| field.key != "accounts");
    let put = |says: &str| nameless.done(line("officer", says));
    // When a name comes late, then one person writes to whoever has it; a sentence two people read
    for says in ["Ann Gray", "Dr. Ursula von der Leyen", "J. O'Neil"] {
        put(says).when(ack()).at_once();
    }
    put("Bob, they asked for your data").when(ack()).proposed(Effect::Tell);
    put("somebody").when(ack()).proposed(Effect::Tell);
}

#[test]
fn what_the_request_does_not_hold_leaves_by_two_by_its_own_lines_too() {
    let put = |key: &str, says: &str| request().done(line(key, says));
    // Given an agency's request, when a line that is typed tells of more than it holds, then the letter takes two
    for says in [
        "DI Roe, who knows @bob:our.org",
        "DI Roe, bob@mail.example",
        "DI Roe, 07700 900123",
        "DI Roe, as in C-9",
        "DI Roe of Essex Police",
        "DI Roe, 192.0.2.7",
    ] {
        put("officer", says).when(ack()).proposed(Effect::Disclose);
        // It is nothing yet to put it there, for not every line leaves.
        request().when(line("officer", says)).at_once();
    }
    // Nor does it tell who else asked about the same users, whether the directory has them or not.
    let zork = put("officer", "DI Roe, whom Zorkshire Constabulary wrote to");
    zork.when(ack()).at_once();
    zork.beside(bound()).when(ack()).proposed(Effect::Disclose);
    put("officer", "DI Jane Roe").beside(bound()).when(ack()).at_once();
    // A name, and the number of a file, are typed right from a scan by whoever has the scan.
    put("officer", "DI Jane Roe").when(ack()).at_once();
    for says in
        ["OP-20261235", "ZK/77/2026-0815", "4711/26", "2026-0815", "CRN 46123456", "INC0012345", "46123456"]
    {
        put("reference", says).when(ack()).at_once();
    }
    for says in [
        "07700900123",
        "+44 7700 900123",
        "415-555-0123",
        "tel07700900123",
        "01632 96020",
        "C-9",
        "OP-1 bob@mail.example",
    ] {
        put("reference", says).when(ack()).proposed(Effect::Disclose);
    }
    // What it said before stays its own when one of us puts the line otherwise.
    let said = || request().done(line("context", "call 07700 900123"));
    let said = Given { case: Case { typed: Default::default(), ..said().case }, ..said() };
    said.done(line("officer", "DI Jane Roe, 07700 900123")).when(ack()).at_once();
    let told = said.done(line("officer", "DI Jane Roe"));
    told.when(refuse("scope", Some("we called 07700 900123"))).at_once();
    // So is the name of whoever asks.
    let own = request().done(line("agency", "Essex Police"));
    own.when(ack()).at_once();
}

#[test]
fn whom_a_case_is_about_may_be_put_right_and_nobody_else() {
    // Rule 8: a line of accounts is repeated as well.
    let of = |field: Field| {
        let preservation =
            shipped_as("preservation").with(text("officer", "DI Roe")).with(text("agency", "MPS"));
        preservation.with(text("reference", "OP-1")).done(set([put(field)]))
    };
    of(accounts(&["@alice:our.org"])).when(ack()).at_once();
    let mut foreign = accounts(&["@bob:mail.example"]);
    if let Reading::Accounts { named, .. } = &mut foreign.reading {
        named[0].ours = false;
    }
    of(foreign).when(ack()).proposed(Effect::Disclose);
}

#[test]
fn a_letter_that_asks_repeats_what_nobody_understood() {
    let asks = Command::RecordSent {
        letter: "ask".to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let data = |said: &str| request().done(line("data", said));
    data("account, whatever bob@mail.example wrote").when(asks.clone()).proposed(Effect::Disclose);
    data("account").when(asks).at_once();
}

#[test]
fn a_line_of_ours_from_the_start_is_no_word_of_the_request() {
    let order = shipped_as("removal")
        .with(text("agency", "BKA"))
        .with(text("reference", "R-1"))
        .with(text("officer", "KHK Roe"))
        .with(text("removed", "2026-11-20 10:00, ask bob@mail.example"));
    let order = order.called().after(Event::Answered { extent: Extent::Full });
    let sent = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let told = beyond_request(&sent("answer"), &order.case, &order.terms);
    assert!(told.contains("bob@mail.example"), "{told:?}");
    assert!(beyond_request(&sent("ack"), &order.case, &order.terms).is_empty());
    let words = refuse("scope", Some("ask bob@mail.example"));
    assert!(!beyond_request(&words, &order.case, &order.terms).is_empty());
}

#[test]
fn the_request_said_all_but_what_we_typed_did_or_found() {
    let order = shipped_as("removal").with(text("officer", "KHK Roe")).with(text("removed", "today"));
    let mut order = order.with(text("reference", "R-1"));
    order.case.stray = owned(&["call me"]);
    assert!(texts(&order.with(text("mascot", "an owl")).case, &order.terms).contains(&"an owl"));
    let said =
        |given: &Given| texts(&given.case, &given.terms).into_iter().map(str::to_owned).collect::<Vec<_>>();
    // Given a request with a line of ours, then it said the others, and as it came where they were put otherwise
    assert_eq!(said(&order), ["KHK Roe", "R-1", "call me"]);
    let put = order.after(Event::FieldSet { field: text("officer", "Ann Gray") });
    let put = put.after(Event::FieldSet { field: text("removed", "yesterday") });
    assert_eq!(said(&put), ["R-1", "KHK Roe", "call me"]);
    // What the policy asks the answer to say is ours too.
    let needed = put.under(|policy| {
        for kind in &mut policy.kinds {
            kind.answer_needs = owned(&["reference", "officer"]);
            kind.fields.iter_mut().for_each(|rule| rule.ours = false);
        }
    });
    assert_eq!(said(&needed), ["today", "call me"]);
    let by_form = order.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.answer_needs.clear()));
    assert_eq!(said(&by_form), ["KHK Roe", "R-1", "call me"]);
    // Where nobody knows the kind, nothing is known to be ours.
    let mut lost = order;
    lost.terms.policies.clear();
    assert_eq!(said(&lost), ["KHK Roe", "today", "R-1", "call me"]);
}

#[test]
fn what_is_set_right_says_no_more_than_it_said() {
    let put = |was: &str, is: &str| {
        let given = shipped_as("copyright").with(text("officer", was)).done(line("officer", is));
        is_said(&given.case, &text("officer", is), &given.terms)
    };
    assert!(put("Jo Quilfeather", "Jo Quillfeather") && put("Jo Holder", "--"));
    assert!(
        !put("Jo Quilfeather", "Jo Quillfeather, they ask") && !put("Jo Quilfeather Roe", "Jo Quillfeather")
    );
    let bare = shipped_as("copyright");
    assert!(is_said(&bare.case, &text("officer", "--"), &bare.terms));
    assert!(!is_said(&bare.case, &text("officer", "somebody else"), &bare.terms));
}

#[test]
fn what_the_request_says_itself_is_asked_about_by_nobody() {
    // Given a request that names somebody who asked too, also on a line that no form has, then its letter leaves by one
    let named = request().with(text("mascot", "the owl of Zorkshire Constabulary")).under(|policy| {
        let ack = policy.letters.iter_mut().filter(|letter| letter.name == "ack");
        ack.for_each(|letter| letter.text.push_str(" {line mascot}"));
    });
    named.beside(bound()).when(ack()).at_once();
    // Its lines are looked up once one of us typed one of them.
    assert!(!may_name(&ack(), &named.case, &named.terms));
    let typed = named.done(line("mascot", "an owl"));
    assert!(may_name(&ack(), &typed.case, &typed.terms));
    // Whoever typed a line of ours was asked then.
    let order = shipped_as("removal").with(text("agency", "BKA")).with(text("reference", "R-1"));
    let order = order.with(text("officer", "KHK Roe"));
    let order = order.after(Event::FieldSet { field: text("removed", "2026-11-20, ask bob@mail.example") });
    let order = order.called().after(Event::Answered { extent: Extent::Full });
    let answer = Command::RecordSent {
        letter: "answer".to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    assert!(beyond_request(&answer, &order.case, &order.terms).is_empty());
}

#[test]
fn words_tell_of_cases_that_it_is_not_linked_to_and_of_hosts_that_nobody_shall_look_at() {
    let linked = request().after(linked(7, Relation::Appeal, true));
    let told = |words: &str| beyond_request(&refuse("scope", Some(words)), &linked.case, &linked.terms);
    assert_eq!(told("as in C-7 and C-9").into_iter().collect::<Vec<_>>(), ["C-9"]);
    let host: Vec<String> = told("see hxxps://bad[.]example/x").into_iter().collect();
    assert!(host.iter().any(|host| host == "bad.example"), "{host:?}");
}

#[test]
fn what_only_says_where_something_stands_is_no_word_to_a_user() {
    notice().done(line("officer", "4.2")).beside(bound()).when(ack()).at_once();
    let said = |given: &Given, letter: &str| {
        words_in(&given.case, letter, &given.terms).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(said(&notice().done(line("officer", "4.2")), "ack").is_empty());
    // Said on a line of ours and put on another, it is said once.
    let twice = notice().done(set([put(text("officer", "they know")), put(text("mascot", "they know"))]));
    let twice = twice.under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.answer_needs = owned(&["mascot"]));
        let ack = policy.letters.iter_mut().filter(|letter| letter.name == "ack");
        ack.for_each(|letter| letter.text.push_str(" {officer} {line mascot}"));
    });
    assert_eq!(said(&twice, "ack"), ["they know"]);
    // A notice goes to a user whoever asks.
    let copied = request().done(line("reference", "the file on you")).under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.copy = owned(&["reference"]));
    });
    assert_eq!(said(&copied, "notice"), ["the file on you"]);
}

#[test]
fn what_no_letter_tells_a_user_may_name_whom_it_likes() {
    // Given an order of an agency, whose letters go to nobody else, then what was done says what it rests on
    let order = shipped_as("removal").with(text("agency", "BKA"));
    assert!(order.when(line("removed", "2026-11-20, see C-9")).decided.is_ok());
}
