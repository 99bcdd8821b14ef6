//! What a proposal comes to, where the stories show none: many at once, nothing named, nobody to send it to.

use super::comes_to;
use crate::case::given::line;
use crate::case::*;
use crate::chat::render::given::*;

/// What is said of a command that waits for a second person.
fn said(case: &Case, command: Command, effects: &[Effect], terms: &Terms) -> Vec<String> {
    let proposed = Event::Proposed {
        code: "abcd".to_owned(),
        command: Box::new(command),
        effects: effects.to_vec(),
        sum: String::new(),
        expires: now(),
    };
    let case = after(case.clone(), &[proposed]);
    comes_to(&case, &case.proposals[0], terms).iter().map(|line| line.text().trim().to_owned()).collect()
}

fn set(field: Field) -> Command {
    Command::Set { edits: vec![Edit::Put(field)] }
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn crowd(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("@user{n}:our.org")).collect()
}

fn crowded(count: usize) -> Field {
    let all = crowd(count);
    named(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A request for information that is whole and believed.
fn believed(fields: Vec<Field>, terms: &Terms) -> Case {
    let verified = |what| Event::Verified {
        what,
        by: ada(),
        how: "called".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    // What the checklist of the kind asks for is not what is tested here.
    after(
        opened("information", fields, terms),
        &[verified(Verifiable::Requester), verified(Verifiable::Instrument)],
    )
}

/// Terms under which nothing is missing on any request.
fn lenient() -> Terms {
    let mut terms = terms("matrix-org");
    let current = terms.current.clone();
    let policy = terms.policies.get_mut(&current).unwrap();
    policy.accepts = Vec::new();
    for kind in &mut policy.kinds {
        kind.fields.iter_mut().for_each(|rule| rule.required = false);
        (kind.verify_requester, kind.verify_instrument) = (false, false);
        kind.answer_needs.clear();
    }
    terms
}

#[test]
fn who_is_taken_off_and_who_is_put_on_is_said_by_name() {
    let terms = terms("matrix-org");
    let case = opened("preservation", vec![named(&["@alice:our.org", "@bob:our.org"])], &terms);
    let other = || set(named(&["@bob:our.org", "@carla:our.org"]));
    assert_eq!(said(&case, other(), &[], &terms), ["takes off @alice:our.org", "adds @carla:our.org"]);
    // The same name written otherwise is the same user.
    assert_eq!(said(&case, set(named(&["@Alice:our.org", "@bob:our.org"])), &[], &terms), [""; 0]);
    // While records are kept, it is as if they were let go.
    let until = "2027-02-18T23:59:59Z".parse().unwrap();
    let held = after(case.clone(), &[Event::HoldStarted { from: now(), until }]);
    let off = "takes off @alice:our.org – what is kept for them is let go";
    assert_eq!(said(&held, other(), &[], &terms), [off, "adds @carla:our.org"]);
    let over = after(held, &[Event::HoldOver { how: HoldEnding::Released }]);
    assert_eq!(said(&over, other(), &[], &terms)[0], "takes off @alice:our.org");
    // What can be done no longer comes to nothing that could be said.
    assert_eq!(
        said(&after(case, &[Event::Withdrawn { reason: None }, Event::Closed]), other(), &[], &terms),
        [""; 0]
    );
}

#[test]
fn more_accounts_than_anybody_reads_are_counted_and_warned_of() {
    let terms = terms("matrix-org");
    let case = opened("preservation", Vec::new(), &terms);
    let lines = |count| said(&case, set(crowded(count)), &[], &terms);
    assert_eq!(lines(50), [format!("adds {}", crowd(50).join(", "))]);
    let more = "and 1 more, which are too many to show: deny it unless you know them";
    assert_eq!(lines(51), [format!("adds {} {more}", crowd(50).join(", "))]);
}

/// What takes two because it comes before an answer gives nothing out itself, and does not say so.
#[test]
fn what_only_makes_an_answer_easier_does_not_say_that_records_go_out() {
    let terms = terms("matrix-org");
    let fields = vec![line("agency", "Metropolitan Police Service"), line("data", "account")];
    let case = opened("other", fields, &terms);
    let bare = set(Field { value: String::new(), ..line("data", "") });
    assert_eq!(said(&case, bare, &[Effect::Disclose], &terms), [""; 0]);
    let mut today = terms.clone();
    let policy = Policy { version: "ours/2".to_owned(), ..terms.policy().unwrap().clone() };
    (today.current, _) = ("ours/2".to_owned(), today.policies.insert("ours/2".to_owned(), policy));
    let adopt = Command::Adopt { policy: Some("ours/2".to_owned()) };
    assert_eq!(said(&case, adopt, &[Effect::Disclose], &today), [""; 0]);
}

#[test]
fn what_goes_out_says_what_about_whom_and_to_whom() {
    let terms = lenient();
    let lines = |fields: Vec<Field>| said(&believed(fields, &terms), full(), &[Effect::Disclose], &terms);
    let [goes_out] = lines(vec![]).try_into().unwrap();
    assert_eq!(
        goes_out,
        "goes out: records; the case does not say which · about its users · to the requester, of whom the case has no address"
    );
    // Of accounts on other servers there are no records; whoever asks is named as they call themselves.
    let email = |address: &str| Field {
        reading: Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() },
        ..line("email", address)
    };
    let [goes_out] = lines(vec![
        named(&["@alice:our.org", "@zoe:far.org"]),
        line("agency", "Kent Police"),
        email("roe@kent.police.uk"),
    ])
    .try_into()
    .unwrap();
    assert!(goes_out.ends_with(" · about @alice:our.org · to Kent Police, roe@kent.police.uk"), "{goes_out}");
    let [goes_out] =
        lines(vec![email("roe@kent.police.uk"), line("address", "PO Box 1, Maidstone")]).try_into().unwrap();
    assert!(goes_out.ends_with(" · to roe@kent.police.uk, PO Box 1, Maidstone"), "{goes_out}");
    // An answer that two people need for another reason gives nothing out.
    assert_eq!(said(&believed(vec![], &terms), full(), &[Effect::Policy], &terms), [""; 0]);
}

#[test]
fn the_words_behind_what_is_refused_are_read_before_they_go() {
    let terms = lenient();
    let refused = |reason: Option<&str>| {
        let case = believed(vec![line("data", "account, connection")], &terms);
        let event = Event::ScopeSet {
            category: "connection".to_owned(),
            allowed: false,
            reason: reason.map(str::to_owned),
        };
        said(&after(case, &[event]), Command::Answer { extent: Extent::Part }, &[Effect::Disclose], &terms)
    };
    let words = "refused with these words: connection – “another force has it”";
    assert_eq!(refused(Some("another force has it"))[1..], [words]);
    assert_eq!(refused(None)[1..], ["not in it: connection refused"]);
}

#[test]
fn of_an_order_to_remove_no_record_goes_out_where_none_is_within_it() {
    let terms = terms("matrix-org");
    let order = |data: &str| {
        let fields = vec![line("instrument", "court order"), line("jurisdiction", "GB"), line("data", data)];
        let case = after(opened("removal", fields, &terms), &[Event::Answered { extent: Extent::Full }]);
        said(&case, Command::Note { text: "done".to_owned() }, &[Effect::Disclose], &terms)
    };
    assert_eq!(order("messages"), ["no records go out", "not in it: messages struck (encrypted)"]);
    assert!(order("account, messages")[0].starts_with("goes out: account record · "));
}

#[test]
fn what_is_not_in_it_stands_beside_what_goes_out() {
    let terms = lenient();
    // Given somebody who asks for what goes out, for what nobody can read, and for what nobody understands
    let case = believed(vec![line("data", "account, messages, profile pictures")], &terms);
    // When that is to be answered, then whoever approves it reads all three
    let part = Command::Answer { extent: Extent::Part };
    let said = said(&case, part, &[Effect::Disclose], &terms);
    assert!(said[0].starts_with("goes out: account record · "), "{said:?}");
    assert_eq!(said[1..], ["not in it: messages struck (encrypted), profile pictures (what is that?)"]);
}

#[test]
fn what_is_destroyed_goes_to_nobody() {
    let terms = terms("matrix-org");
    let case = opened("subject", vec![named(&["@alice:our.org"]), line("right", "erasure")], &terms);
    let case = after(case, &[Event::Answered { extent: Extent::Full }]);
    // Whatever the command, for it is the case that says what is asked.
    let note = Command::Note { text: "done".to_owned() };
    let [destroyed] = said(&case, note, &[Effect::Disclose], &terms).try_into().unwrap();
    assert_eq!(destroyed, "destroyed: the records · about @alice:our.org");
}

#[test]
fn what_a_person_asks_about_their_own_data_is_said_right_by_right() {
    let terms = terms("matrix-org");
    let lines = |fields: Vec<Field>| {
        let fields = [vec![named(&["@alice:our.org"])], fields].concat();
        let case = after(opened("subject", fields, &terms), &[Event::Answered { extent: Extent::Part }]);
        said(&case, Command::Note { text: "done".to_owned() }, &[Effect::Disclose], &terms)
    };
    let right = |said: &str| line("right", said);
    let why = || line("not granted", "the rest is not yours");
    let address = "to the requester, of whom the case has no address";
    let unsaid = "! the letter will not say what is not granted, and why – !case set C-1 not-granted=\"…\"";
    // A copy that goes out is not hidden behind what is destroyed.
    assert_eq!(
        lines(vec![right("access, erasure"), line("erase", "identifiers, state events"), why()]),
        [
            "destroyed: identifiers, state events · about @alice:our.org",
            &format!("goes out: records; the case does not say which · about @alice:our.org · {address}"),
            "not granted: “the rest is not yours”",
        ]
    );
    // Nothing leaves the house where something is put right.
    assert_eq!(
        lines(vec![right("rectification, objection")]),
        ["counts as done: rectification, objection · about @alice:our.org", unsaid]
    );
    // What cannot be read may be anything, and data that is asked for goes out whatever the right is called.
    assert!(lines(vec![right("a pony"), why()])[0].starts_with("goes out: "));
    assert!(lines(vec![right("objection"), line("data", "account"), why()])[0].starts_with("goes out: "));
    // Of an erasure that something keeps the letter need say nothing (rule 65).
    let case = opened("subject", vec![named(&["@alice:our.org"]), right("erasure")], &terms);
    let until = "2027-02-18T23:59:59Z".parse().unwrap();
    let events = [Event::HoldStarted { from: now(), until }, Event::Answered { extent: Extent::Part }];
    let note = Command::Note { text: "done".to_owned() };
    let kept = said(&after(case, &events), note, &[Effect::Disclose], &terms);
    assert_eq!(kept, ["destroyed: the records · about @alice:our.org"]);
}

#[test]
fn whose_silence_ends_is_said_only_where_something_bound() {
    let terms = terms("matrix-org");
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let lift = || Command::Gag(GagStep::Lift { by: "court".to_owned() });
    let case = opened("preservation", vec![named(&["@alice:our.org"])], &terms);
    let bound = after(case, std::slice::from_ref(&gag));
    let frees = "nothing on this case forbids any longer to tell ";
    assert_eq!(said(&bound, lift(), &[Effect::Tell], &terms), [format!("{frees}@alice:our.org")]);
    let nobody = after(opened("preservation", vec![], &terms), &[gag]);
    // A case that binds and names nobody may be about anybody.
    assert_eq!(said(&nobody, lift(), &[Effect::Tell], &terms), [format!("{frees}anybody")]);
}

#[test]
fn whoever_goes_out_of_a_sentence_or_with_a_room_is_named_among_those_who_may_be_told() {
    // Given a gag on a case that names one user on its line of accounts, and more elsewhere
    let terms = terms("matrix-org");
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let bound = |field: Field| {
        let case = opened("preservation", vec![named(&["@alice:our.org"]), field], &terms);
        after(case, std::slice::from_ref(&gag))
    };
    let frees = "nothing on this case forbids any longer to tell ";
    // When one goes out of a sentence, then it is said who
    let words = bound(line("context", "also about @bob:our.org, they say"));
    let put = |words: &str| set(line("context", words));
    assert_eq!(said(&words, put("x"), &[Effect::Tell], &terms), [format!("{frees}@bob:our.org")]);
    assert_eq!(said(&words, put("x @BOB:our.org"), &[Effect::Tell], &terms), [""; 0]);
    // When a room or a name without a server goes, which may have been anybody's, then that is said
    for (key, value) in [("room", "!abc:our.org"), ("username", "@zed")] {
        let cleared = Command::Set { edits: vec![Edit::Put(line(key, ""))] };
        let lines = said(&bound(line(key, value)), cleared, &[Effect::Tell], &terms);
        let [said] = lines.as_slice() else { panic!("{key}: {lines:?}") };
        assert!(said.starts_with(frees) && said.ends_with("anybody whom it does not name"), "{key}: {said}");
    }
}

#[test]
fn what_is_answered_with_it_is_worked_again_if_it_comes_to_nothing() {
    let terms = terms("matrix-org");
    let duplicate = |number| Event::Linked {
        other: CaseId::new(number).unwrap(),
        how: Relation::Duplicate,
        outward: false,
        received: None,
    };
    let case = opened("preservation", vec![], &terms);
    let withdraw = || Command::Withdraw { reason: None };
    assert_eq!(said(&case, withdraw(), &[Effect::Policy], &terms), [""; 0]);
    let one = after(case, &[duplicate(2)]);
    let again = "worked again, for this one answers them no longer";
    assert_eq!(said(&one, withdraw(), &[Effect::Policy], &terms), [format!("its duplicate C-2 is {again}")]);
    let many = after(one.clone(), &[3, 4, 5, 6].map(duplicate));
    let six = format!("its duplicates C-2, C-3, C-4, C-5 and 1 more are {again}");
    assert_eq!(said(&many, withdraw(), &[Effect::Policy], &terms), [six]);
    let none = Command::Answer { extent: Extent::None };
    assert_eq!(said(&one, none, &[Effect::Policy], &terms), [""; 0]);
}
