//! Words of a person's own that go to a user: what the gate withholds stays withheld there too (rule 65).

use super::given::*;
use crate::case::Refusal as R;
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::{may_go_out, words_in};
use crate::case::directory::tests::agency;
use crate::case::letter::REASONS;
use crate::case::*;

fn subject() -> Given {
    let mut given = shipped_as("subject").with(accounts(&["@alice:our.org"])).numbered(2);
    given.terms.directory = vec![agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"])];
    given
}

fn refuse(words: &str) -> Command {
    Command::Refuse { code: "unfounded".to_owned(), words: Some(words.to_owned()) }
}

fn prolong(reason: &str) -> Command {
    let term = Term::read("2 months").unwrap();
    Command::Prolong { clock: "answer".to_owned(), term, reason: reason.to_owned() }
}

#[test]
fn they_name_no_other_case_and_no_agency() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    // Given a person's own request, when words would go to them that name somebody, then they are refused, bound or not
    subject().when(refuse("Kent Police has an order about you")).refused(names("Kent Police"));
    subject().when(refuse("see your other one, c 1")).refused(names("C-1"));
    subject().when(prolong("it is held under C-1 for now")).refused(names("C-1"));
    subject().when(refuse("ask foi@kent.police.uk")).refused(names("Kent Police"));
    subject().when(refuse("K\u{435}nt Pol1ce have one")).refused(names("Kent Police"));
    let posing = subject().with(text("agency", "Kent Police"));
    posing.when(refuse("Kent Police has an order about you")).refused(names("Kent Police"));
    // An agency of a bound case that is not in the directory likewise, unless the case is sealed: that would betray it.
    let bound = given("information").with(text("agency", "Essex Police"));
    subject().beside(bound.clone()).when(refuse("Essex police asked")).refused(names("Essex Police"));
    let sealed = bound.after(Event::Flagged { flag: Flag::Csea });
    subject().beside(sealed).when(refuse("Essex police asked")).proposed(Effect::Tell);
    // Its own number is in every letter, and without a name one person is enough.
    subject().when(refuse("your request C-2 repeats itself")).at_once();
    // An agency that asks is written to in its own name.
    let agency = shipped_as("information").with(text("agency", "Kent Police"));
    agency.when(refuse("Kent Police asked the same before")).at_once();
}

/// Nor do lines of ours that a letter repeats, and a draft, which is copied before anything is on record.
#[test]
fn neither_do_findings_and_drafts() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let set = |key: &str, says: &str| Command::Set { edits: vec![Edit::Put(text(key, says))] };
    let mut report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    report.terms.directory = subject().terms.directory;
    report.when(set("clause", "3.2, as Kent Police wrote")).refused(names("Kent Police"));
    report.when(set("clause", "3.2, see C-1")).refused(names("C-1"));
    report.when(set("clause", "3.2")).at_once();
    // What the request itself says is put down as it says it.
    report.when(set("context", "Kent Police told me to write to you")).at_once();
    let draft = |given: &Given, words: &str| {
        let basis = letter::Basis::Reason { code: "unfounded".to_owned(), words: Some(words.to_owned()) };
        letter::draft(&given.case, letter::REFUSE, Some(&basis), &given.terms, now()).map(|_| ())
    };
    assert_eq!(draft(&subject(), "Kent Police has an order about you"), Err(names("Kent Police")));
    assert_eq!(draft(&subject(), "it is held under c-1"), Err(names("C-1")));
    assert!(draft(&subject(), "the third in a week").is_ok());
}

/// A line of ours that a letter repeats is as good a place to hint, and is no wish of whoever asks.
#[test]
fn words_on_a_line_of_ours_are_words_of_ones_own() {
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    for says in [
        "3.2",
        "3, 12b",
        "section 4 (b)",
        "Ziffer 7",
        "4, 21 November 2026",
        "4, 2026-11-21",
        "4, 21.11.2026, 10:30",
        "§ 1004",
        "4, 21 November 2026 10:30",
        "12.10.3(2)",
        "4(c)",
        "(c)",
        "3",
        "part 4, 21 May",
    ] {
        report.when(set(says)).at_once();
        report
            .beside(given("information").after(Event::Flagged { flag: Flag::Csea }))
            .when(set(says))
            .at_once();
    }
    // Nothing is decided by how short a word is, or in which letters it stands.
    for says in [
        "4; the cop has got you in his eye: run",
        "4, KP-77/2026",
        "B.K.A.",
        "bka",
        "IPA s.61",
        "4 (b)(k)(a)",
        "4 (b) (k)",
        "4 b",
        "4-01632960200",
        "4, 01632960200",
        "section 2026-4711",
        "4 (2026-4711)",
        "section 2026 4711",
        "4711-0815",
        "4, C(1)",
        "(C)(1)",
        "4\u{200B}",
    ] {
        report
            .beside(given("information").after(Event::Flagged { flag: Flag::Csea }))
            .when(set(says))
            .proposed(Effect::Tell);
    }
    let hint = set("3, and because the police say so");
    let bound = || given("information").after(Event::Flagged { flag: Flag::Csea });
    report.beside(bound()).when(set("3, they")).proposed(Effect::Tell);
    report.when(hint.clone()).at_once();
    report
        .beside(given("information").after(Event::Flagged { flag: Flag::Csea }))
        .when(hint)
        .proposed(Effect::Tell);
    report.when(set("3, for which you may not be told more")).refused(Restraint::WordsPlead.into());
}

#[test]
fn while_anything_binds_about_the_user_a_second_person_reads_them() {
    let bound = given("information").after(Event::Flagged { flag: Flag::Csea });
    let subject = subject().beside(bound);
    subject.when(refuse("there are too many of them")).proposed(Effect::Tell);
    // Without words of anybody's own it is the policy that speaks.
    let unsaid = Command::Refuse { code: "shared".to_owned(), words: None };
    subject.when(unsaid).at_once();
    // What nobody could look up may bind.
    let mut unknown = self::subject();
    unknown.around.naming = None;
    unknown.when(refuse("there are too many of them")).proposed(Effect::Tell);
}

#[test]
fn what_binds_about_them_on_their_own_case_counts_too() {
    let gagged = subject().after(Event::GagSet {
        ordered_by: "the court".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    gagged.when(refuse("there are too many of them")).proposed(Effect::Tell);
    // What is only to be looked at again forbids nobody to write.
    let unreviewed = subject().under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.attest = true));
    assert_eq!(bars(&unreviewed.case, &unreviewed.terms), [Bar::Review].into());
    unreviewed.when(refuse("there are too many of them")).at_once();
}

#[test]
fn an_agency_writes_to_users_where_the_policy_has_a_letter_with_the_reasons_for_them() {
    let own = shipped_as("information").with(text("agency", "Kent Police"));
    let mut agency = Given { terms: subject().terms, ..own }.with(accounts(&["@alice:our.org"]));
    agency.when(refuse("held under C-9")).proposed(Effect::Disclose);
    agency.change_policy(|policy| {
        let letter =
            Letter { name: REASONS.to_owned(), kinds: vec!["information".to_owned()], ..letter(policy) };
        policy.letters.push(letter);
    });
    agency.when(refuse("held under C-9")).refused(Restraint::WordsName { what: "C-9".to_owned() }.into());
    // Who asks is no secret to whoever may know that somebody asked.
    agency.when(refuse("Kent Police asked twice")).at_once();
    let told = agency.done(refuse("Kent Police asked twice"));
    assert_eq!(words_in(&told.case, REASONS, &told.terms), ["Kent Police asked twice"]);
    assert_eq!(may_go_out(&told.case, &told.around, REASONS, &told.terms), Ok(()));
}

fn letter(policy: &Policy) -> Letter {
    policy.letters.iter().find(|letter| letter.name == letter::REFUSE).expect("there is one").clone()
}

#[test]
fn where_nobody_can_read_whom_letters_go_to_they_may_go_to_a_user() {
    let mut lost = subject();
    lost.case.policy = "lost/1".to_owned();
    lost.when(refuse("held under C-9")).refused(Restraint::WordsName { what: "C-9".to_owned() }.into());
}

#[test]
fn a_name_without_a_word_stands_in_nothing() {
    let bound = given("information").with(text("agency", "--"));
    subject().beside(bound).when(refuse("there are too many of them")).proposed(Effect::Tell);
}

/// A line of ours is one that the policy says we fill in, or that the answer waits for; the rest is said by whoever asks.
#[test]
fn what_the_request_says_is_nobodys_own_words() {
    let set = |key: &str, says: &str| Command::Set { edits: vec![Edit::Put(text(key, says))] };
    let names = || -> R { Restraint::WordsName { what: "Kent Police".to_owned() }.into() };
    let knowing = |given: Given| Given {
        terms: Terms { directory: subject().terms.directory, ..given.terms },
        ..given
    };
    let changed = |kind: &str, change: &dyn Fn(&mut Kind)| {
        knowing(shipped_as(kind)).under(|policy| policy.kinds.iter_mut().for_each(change))
    };
    let hint = || set("clause", "3.2, as Kent Police wrote");
    let ours = |kind: &mut Kind| {
        kind.answer_needs.clear();
        kind.fields.iter_mut().for_each(|rule| rule.ours = rule.key == "clause");
    };
    changed("terms", &ours).when(hint()).refused(names());
    let theirs = |kind: &mut Kind| {
        kind.answer_needs = owned(&["clause", "acted"]);
        kind.fields.iter_mut().for_each(|rule| rule.ours = false);
    };
    changed("terms", &theirs).when(hint()).refused(names());
    let unknown = |kind: &mut Kind| {
        kind.answer_needs.clear();
        kind.fields.retain(|rule| rule.key != "clause");
    };
    changed("terms", &unknown).when(hint()).at_once();
    let notice = changed("copyright", &|kind| kind.answer_needs = owned(&["restored"]));
    notice.when(set("material", "the picture of the Kent Police")).at_once();
    // An agency is written to of whatever it asked for, and no user is.
    let removed = set("removed", "2026-11-20 10:00, as Kent Police asked");
    let kents = shipped_as("removal").with(text("agency", "Kent Police"));
    knowing(kents).when(removed).at_once();
}

/// Given another case that names the user and binds, or keeps their records, when words would go to the user that name whoever asked
/// there, then they are refused by that name, and the case is not said.
#[test]
fn they_name_nobody_who_asked_about_the_user_elsewhere() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let asks =
        || given("information").with(text("agency", "BKA")).with(text("officer", "KHK Jan Roe, ST 13"));
    let address = "roe@bka.example".to_owned();
    let reading = Reading::Email { address, odd: Vec::new(), more: Vec::new() };
    let mail = Field { reading, ..text("email", "roe@bka.example") };
    let bound = || asks().with(mail.clone());
    let by = |words: &str| subject().beside(bound()).when(refuse(words));
    by("because of the BKA").refused(names("BKA"));
    by("jan roe wrote to us").refused(names("Jan Roe"));
    by("ask roe@bka.example").refused(names("roe@bka.example"));
    by("somebody at bka.example asked").refused(names("bka.example"));
    by("there are too many of them").proposed(Effect::Tell);
    // What only keeps something is as little to be said, and asks for no second person.
    let mut held = subject();
    held.around.asking = vec![bound().case];
    held.when(refuse("the BKA has it kept")).refused(names("BKA"));
    held.when(refuse("there are too many of them")).at_once();
    // Whoever was told of that request may read of it again.
    let user = subject().case.subjects().next().unwrap().account.clone();
    let what = Telling::Told { via: "mail".to_owned() };
    let told = bound().after(Event::NoticeSettled { account: user, what, at: None });
    held.around.asking = vec![told.case];
    held.when(refuse("as we wrote, the BKA has it")).at_once();
    held.around.asking = vec![bound().after(Event::Flagged { flag: Flag::Csea }).case];
    held.when(refuse("the BKA has it kept")).at_once();
    // What a person's request calls itself excuses no name of whom it is kept silent.
    let own = subject().with(text("agency", "BKA"));
    own.beside(bound()).when(refuse("the BKA asked")).refused(names("BKA"));
    // Nor where nobody can read any more what that case is.
    let mut lost = bound();
    lost.case.policy = "lost/1".to_owned();
    own.beside(lost).when(refuse("the BKA asked")).refused(names("BKA"));
    // Where they write from names nobody if it is our own server, or above it.
    let servers = owned(&["our.org", "chat.example.org"]);
    for server in ["our.org", "example.org"] {
        let reading = Reading::Email { address: format!("roe@{server}"), odd: Vec::new(), more: Vec::new() };
        let by_us = asks().with(Field { reading, ..text("email", server) });
        let mut own = subject().beside(by_us);
        own.terms.servers.clone_from(&servers);
        own.when(refuse(&format!("we at {server} have too many"))).proposed(Effect::Tell);
    }
    // Who asks here is named in every letter, and who asked before for themselves too.
    let own = subject().with(text("officer", "Jan Roe"));
    let mut before = own.clone();
    before.around.asking = vec![subject().with(text("officer", "Jan Roe")).numbered(7).case];
    before.when(refuse("dear Jan Roe, there are too many")).at_once();
    // The number of the request, who authorised it, and who ordered silence name it as well.
    let more =
        bound().with(text("reference", "ZK-77/2026")).with(text("authorising officer", "Supt. Ann Gray"));
    let more = more.after(Event::GagSet {
        ordered_by: "Insp. Jones".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    let by = |words: &str| subject().beside(more.clone()).when(refuse(words));
    by("see zk 77 2026").refused(names("ZK-77/2026"));
    by("ask Supt Ann Gray").refused(names("Supt. Ann Gray"));
    by("insp jones knows").refused(names("Insp. Jones"));
    // A number that might be any other names nobody.
    let numbered = |number: &str| subject().beside(asks().with(text("reference", number)));
    numbered("12, 1-2-3").when(refuse("asked 12 times, see 1-2-3")).proposed(Effect::Tell);
    numbered("12, ZK77A").when(refuse("asked 12 times, see zk77a")).refused(names("ZK77A"));
    // A line of ours that a letter repeats, be it of a few letters.
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    let clause = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    report.beside(bound()).when(clause("3, BKA")).refused(names("BKA"));
    report.beside(bound()).when(clause("3.2")).at_once();
    let looked_up = |says: &str| crate::case::decide::may_name(&clause(says), &report.case, &report.terms);
    assert!(looked_up("section 4b"), "which is no word, but may be a name");
    assert!(looked_up("3, BKA") && looked_up("3, and because they say so"));
    assert!(!looked_up("3.2") && !looked_up("section 4, 21 November 2026"));
    let note = Command::Note { text: "BKA".to_owned() };
    assert!(!crate::case::decide::may_name(&note, &report.case, &report.terms));
}

/// Given words that were typed while nothing bound, when the letter that holds them is put on record while something does, then a
/// second person reads them, and names are looked for again.
#[test]
fn right_before_a_letter_leaves_its_words_are_asked_about_again() {
    let sent = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let bound = || {
        given("information").with(text("agency", "Zorkshire Constabulary")).after(Event::GagSet {
            ordered_by: "Insp. Jones".to_owned(),
            day: None,
            until: None,
            document: None,
        })
    };
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    // (a) The gag came after the line.
    let named = report.done(set("4, Zorkshire Constabulary watches you"));
    named.when(sent("reasons")).at_once();
    named.beside(bound()).when(sent("reasons")).refused(names("Zorkshire Constabulary"));
    let hint = report.done(set("4, they watch you"));
    hint.when(sent("reasons")).at_once();
    hint.beside(bound()).when(sent("reasons")).proposed(Effect::Tell);
    report.done(set("section 4(2)")).beside(bound()).when(sent("reasons")).at_once();
    // (b) Words of a refusal, which the other letters do not hold.
    let refused = subject().done(refuse("they watch you")).beside(bound());
    refused.when(sent("refuse")).proposed(Effect::Tell);
    refused.when(sent("ack")).at_once();
    let named = subject().done(refuse("Zorkshire Constabulary watches you")).beside(bound());
    named.when(sent("refuse")).refused(names("Zorkshire Constabulary"));
    // An agency is written to in them, and no user.
    let agency = shipped_as("information").with(accounts(&["@alice:our.org"])).done(refuse("they watch you"));
    agency.beside(bound()).when(sent("refuse")).at_once();
    // (c) Nobody could be asked about: unknown is no.
    let nobody = shipped_as("terms").numbered(2).done(set("4, somebody asked us about your account"));
    nobody.when(sent("reasons")).proposed(Effect::Tell);
    shipped_as("terms").numbered(2).done(set("4")).when(sent("reasons")).at_once();
    let mut unread = hint.clone();
    unread.around.naming = None;
    unread.when(sent("reasons")).proposed(Effect::Tell);
}

/// A word of the policy's own list is nobody's; whatever else stands on such a line is.
#[test]
fn a_word_of_the_policys_list_is_nobodys_own() {
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("ground", says))] };
    let bound = || given("information").after(Event::Flagged { flag: Flag::Csea });
    let referral = shipped_as("referral").with(accounts(&["@alice:our.org"])).numbered(2);
    for says in ["law", "Protection", "EMERGENCY"] {
        assert_eq!(super::super::own_words(&set(says), &referral.case, &referral.terms), [""; 0], "{says}");
        referral.beside(bound()).when(set(says)).at_once();
    }
    let plead = set("please keep this confidential from the user");
    referral.when(plead).refused(Restraint::WordsPlead.into());
}

/// Rule 31: the letter of reasons never says who reported, by whatever line the report names them.
#[test]
fn the_reasons_do_not_say_who_reported() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"]));
    let own = |label: &str, value: &str| {
        report.with(Field { reading: Reading::Unknown { meant: None }, ..text(label, value) })
    };
    for (label, value, says, named) in [
        ("reporter", "Vic Tim", "4, Vic Tim", "Vic Tim"),
        ("reporter", "Vic Tim", "4, Mr Tim", "Tim"),
        ("my name", "Vic Tim", "4, Vic reported you", "Vic"),
        ("victim", "@vic:example.org", "4, @vic:example.org", "@vic:example.org"),
        ("opfer", "Vic Tim", "4, tim vic tim", "Vic Tim"),
    ] {
        own(label, value).when(set(says)).refused(names(named));
    }
    report.with(text("officer", "Vic Tim")).when(set("4, Tim, Vic")).refused(names("Vic"));
    report.with(text("signature", "Vic Tim")).when(set("4, Vic")).refused(names("Vic"));
    // What the report is about is no name of whoever wrote it, nor is a title.
    own("violation", "Spam").when(set("4, Spam")).at_once();
    own("reporter", "Mr T").when(set("4, Mr")).at_once();
    own("reporter", "Vic Tim").when(set("4, the person")).at_once();
}

/// What a second person approves is held against names once more, for what binds may have come since.
#[test]
fn at_the_approval_names_are_looked_for_again() {
    let waits = subject().beside(given("information").after(Event::Flagged { flag: Flag::Csea }));
    let waits = waits.done(refuse("Essex Police asked about you"));
    let code = waits.code();
    let approve = Command::Approve { code, alone: None };
    waits.by("ben").when(approve.clone()).at_once();
    let named = waits.beside(given("information").with(text("agency", "Essex Police")));
    let names: R = Restraint::WordsName { what: "Essex Police".to_owned() }.into();
    named.by("ben").when(approve).refused(names);
}

/// Rule 31: the letter to a reported user never says who reported.
#[test]
fn a_reported_user_is_not_written_who_reported() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let reading =
        Reading::Email { address: "vic@home.example".to_owned(), odd: Vec::new(), more: Vec::new() };
    let mail = Field { reading, ..text("email", "vic@home.example") };
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    let report = report.with(text("officer", "Vic Tim")).with(mail).with(text("reference", "VT-2026-8"));
    report.when(set("4, as Vic Tim reported")).refused(names("Vic Tim"));
    report.when(set("4, ask vic@home.example")).refused(names("vic@home.example"));
    report.when(set("4, your VT 2026 8")).refused(names("VT-2026-8"));
    report.when(set("4, insults")).at_once();
    // Where no letter says it to the user, it goes to whoever reported.
    let back = report.under(|policy| {
        let reasons = policy.letters.iter_mut().filter(|letter| letter.name == REASONS);
        reasons.for_each(|letter| letter.name = "back".to_owned());
    });
    back.when(set("4, as Vic Tim reported")).at_once();
    let silent = back.under(|policy| {
        let reasons =
            Letter { name: REASONS.to_owned(), text: "It was looked at.".to_owned(), ..letter(policy) };
        policy.letters.push(Letter { kinds: vec!["terms".to_owned()], ..reasons });
    });
    silent.when(set("4, as Vic Tim reported")).at_once();
    // What got there another way does not leave.
    let there = report.with(text("clause", "4, as Vic Tim reported"));
    let sent = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    there.when(sent("reasons")).refused(names("Vic Tim"));
    // Nor is it shown to be copied; whoever asks for themselves is written to in their own name.
    let shown = |given: &Given, letter: &str| may_go_out(&given.case, &given.around, letter, &given.terms);
    assert_eq!(shown(&there, "Reasons"), Err(names("Vic Tim")));
    let own = subject().with(text("officer", "Jan Roe")).done(refuse("Jan Roe has asked too often"));
    assert_eq!(shown(&own, letter::REFUSE), Ok(()));
    let bound = given("information").with(text("agency", "BKA"));
    let hint = subject().done(refuse("as the BKA asked")).beside(bound);
    assert_eq!(shown(&hint, letter::REFUSE), Err(names("BKA")));
}

/// A line of the request that somebody put otherwise goes out with the notice: it is shown to whoever approves, and held against
/// names and numbers of cases. What the request says itself is not.
#[test]
fn a_line_that_was_put_otherwise_is_words_of_ones_own_in_a_notice() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let tell = Command::Notify {
        whom: Some(account("@alice:our.org")),
        how: Settling::Tell { via: "mail".to_owned(), at: None },
    };
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("material", says))] };
    let notice = shipped_as("copyright").with(accounts(&["@alice:our.org"]));
    let answered = |given: Given| given.after(Event::Answered { extent: Extent::Full });
    let put = answered(notice.done(set("the song, which somebody asked for in C-2")));
    put.when(tell.clone()).refused(names("C-2"));
    let own = |given: &Given| {
        crate::case::decide::own_words(&tell, &given.case, &given.terms)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(own(&notice.done(set("the song"))), ["the song"]);
    assert!(own(&notice.done(set("4.1"))).is_empty(), "which is only a place");
    let came = answered(notice.with(text("material", "the song of C-2")));
    assert!(own(&came).is_empty());
    came.when(tell).proposed(Effect::Tell);
}

/// A refusal to an agency goes out like an answer: an address in its words is a record that left the house (rules 1 and 60).
#[test]
fn what_the_request_does_not_hold_leaves_by_two_whatever_the_letter() {
    let agency = || {
        shipped_as("information").with(accounts(&["@alice:our.org"])).with(text("phone", "+44 1632 960200"))
    };
    // Given a request of an agency about alice, when the words of a refusal tell of more than it names, then it takes two
    for words in [
        "alice is alice.smith@mail.example",
        "ask @bob:our.org instead",
        "last seen from 192.0.2.7",
        "her number is 07700 900123",
        "she is in !abcdefghijkl:our.org",
    ] {
        agency().when(refuse(words)).proposed(Effect::Disclose);
    }
    let strike = |reason: &str| Command::Scope {
        categories: vec!["account".to_owned()],
        allow: false,
        reason: Some(reason.to_owned()),
    };
    let agency = || agency().with(text("data", "account"));
    agency().when(strike("we only have 192.0.2.7")).proposed(Effect::Disclose);
    // Who else asked, and in which case, they learn by two as well
    let listed = || {
        let mut given = agency().with(text("agency", "Essex Police"));
        given.terms.directory = subject().terms.directory;
        given
    };
    listed().when(refuse("Kent Police asked the same")).proposed(Effect::Disclose);
    listed().when(refuse("the same as C-9")).proposed(Effect::Disclose);
    let named = || listed().with(text("context", "as Kent Police asked in C-9"));
    named().when(refuse("Kent Police asked the same in C-9")).at_once();
    listed().after(linked(9, Relation::Duplicate, false)).when(refuse("the same as C-9")).at_once();
    // What one of us put on a line since is no word of the request
    let typed =
        agency().done(Command::Set { edits: vec![Edit::Put(text("reference", "OP-1 bob@mail.example"))] });
    typed.when(refuse("she is bob@mail.example")).proposed(Effect::Disclose);
    // What it says itself, and words that hold neither an address nor a number, are said by one
    for words in [
        "we find nothing of @alice:our.org",
        "we called 01632 960200 in vain",
        "see regulation (EU) 2016/679, article 10",
    ] {
        agency().when(refuse(words)).at_once();
    }
    agency().when(strike("more than the order reaches")).at_once();
}

#[test]
fn numbers_are_words_once_they_may_be_those_of_a_case_or_a_request() {
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    let is_worded = |says: &str| {
        let set = Command::Set { edits: vec![Edit::Put(text("clause", says))] };
        !crate::case::decide::own_words(&set, &report.case, &report.terms).is_empty()
    };
    for says in
        ["4, Friday", "§ 123, 2026", "§ 123, 1998", "20, 4711", "§ 1004 12", "123.456", "4,, 2", "4, 12:345"]
    {
        assert!(!is_worded(says), "{says}");
    }
    for says in ["4711 1:2345", "4711:0815", "§ 1004 815", "12345", "4.12345"] {
        assert!(is_worded(says), "{says}");
    }
}

#[test]
fn what_the_policy_asks_the_answer_to_say_is_ours_though_no_form_has_it() {
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let mut report = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2);
    report.terms.directory = subject().terms.directory;
    let needed = report.under(|policy| {
        for kind in &mut policy.kinds {
            kind.answer_needs = owned(&["clause"]);
            kind.fields.retain(|rule| rule.key != "clause");
        }
    });
    needed.when(set("3.2, as Kent Police wrote")).refused(names("Kent Police"));
    // What no letter repeats goes to nobody.
    let silent = report.under(|policy| {
        policy.letters.iter_mut().for_each(|letter| letter.text = "It was looked at.".to_owned());
    });
    silent.when(set("3.2, as Kent Police wrote")).at_once();
    // What is no word of anybody may be a name all the same.
    report.terms.directory = vec![agency("4B", &[], &[])];
    report.when(set("section 4b")).refused(names("4B"));
}

#[test]
fn agencies_are_known_by_every_name_they_have_and_by_nothing_without_one() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let mut asked = subject();
    asked.terms.directory =
        vec![agency("--", &[], &[]), agency("Yard", &[], &[]), agency("Met", &[], &["force.example"])];
    asked.when(refuse("the yard asked")).refused(names("Yard"));
    asked.when(refuse("write to force.example")).refused(names("force.example"));
    asked.when(refuse("there are too many of them")).at_once();
}

#[test]
fn whose_words_a_command_holds() {
    let own = |given: &Given, command: &Command| {
        let said = crate::case::decide::own_words(command, &given.case, &given.terms);
        said.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let scope = |allow| Command::Scope {
        categories: vec!["account".to_owned()],
        allow,
        reason: Some("they watch you".to_owned()),
    };
    assert_eq!(own(&subject(), &scope(false)), ["they watch you"]);
    assert!(own(&subject(), &scope(true)).is_empty());
    assert!(own(&subject(), &refuse(" ")).is_empty());
    assert_eq!(own(&subject(), &refuse("4.1")), ["4.1"], "a place is words where it is no line of ours");
    assert!(crate::case::decide::may_name(&refuse("they"), &subject().case, &subject().terms));
    // A report goes to an authority, whoever asks.
    let with = |name: &str| {
        let report = shipped_as("terms").with(accounts(&["@alice:our.org"])).with(text("clause", "4, they"));
        report.under(|policy| {
            let like = policy.letters.iter().find(|letter| letter.name == REASONS).unwrap().clone();
            policy.letters.retain(|letter| letter.name != name);
            policy.letters.push(Letter { name: name.to_owned(), kinds: Vec::new(), ..like });
        })
    };
    let said = |name: &str| words_in(&with(name).case, name, &with(name).terms).len();
    assert_eq!((said("own"), said(letter::REPORT)), (1, 0));
}

#[test]
fn what_goes_to_an_agency_or_to_whoever_asks_may_name_them() {
    let office = shipped_as("information").with(text("agency", "Kent Police"));
    assert_eq!(crate::case::decide::may_draft(&office.case, "held under C-9", &office.terms), Ok(()));
    let sent = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let own = subject().with(text("officer", "Jan Roe")).done(refuse("Jan Roe has asked too often"));
    own.when(sent("refuse")).at_once();
    // Of whom it could not be read in full, anything may bind.
    let set = Command::Set { edits: vec![Edit::Put(text("clause", "4, they watch you"))] };
    let hint = shipped_as("terms").with(accounts(&["@alice:our.org"])).numbered(2).done(set);
    hint.when(sent("reasons")).at_once();
    hint.with(half_read()).when(sent("reasons")).proposed(Effect::Tell);
}

#[test]
fn whoever_asked_elsewhere_is_named_to_nobody_who_was_not_told() {
    let names = |what: &str| -> R { Restraint::WordsName { what: what.to_owned() }.into() };
    let asks = || given("information").with(text("agency", "BKA"));
    let told = |name: &str| Event::NoticeSettled {
        account: account(name),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    // Given a request that names two, or nobody.
    let both = asks().with(accounts(&["@alice:our.org", "@bob:our.org"])).after(told("@alice:our.org"));
    let mut two = subject().with(accounts(&["@bob:our.org"]));
    two.around.asking = vec![both.case.clone()];
    two.when(refuse("as we wrote, the BKA has it")).refused(names("BKA"));
    two.around.asking = vec![both.after(told("@bob:our.org")).case];
    two.when(refuse("as we wrote, the BKA has it")).at_once();
    let mut nobody = subject();
    nobody.case.fields.retain(|field| field.key != "accounts");
    nobody.around.asking = vec![asks().case];
    nobody.when(refuse("the BKA has it kept")).refused(names("BKA"));
    // Another person who asks for themselves is named to nobody either.
    let other = subject().with(text("officer", "Ann Gray")).numbered(7);
    subject().beside(other).when(refuse("Ann Gray asked the same")).refused(names("Ann Gray"));
    // Nor is a large house of mail anybody, or a machine of ours.
    for server in ["gmail.com", "sub.our.org"] {
        let address = format!("roe@{server}");
        let reading = Reading::Email { address: address.clone(), odd: Vec::new(), more: Vec::new() };
        let mail = subject().beside(asks().with(Field { reading, ..text("email", &address) }));
        mail.when(refuse(&format!("write to us from {server}"))).proposed(Effect::Tell);
        mail.when(refuse(&format!("ask roe@{server}"))).refused(names(&address));
    }
}

#[test]
fn an_agency_that_asks_twice_is_written_to_in_its_own_name() {
    let of_kent = || shipped_as("information").with(text("agency", "Kent Police"));
    let mut asked = of_kent().with(accounts(&["@alice:our.org"]));
    asked.change_policy(|policy| {
        let kinds = vec!["information".to_owned()];
        policy.letters.push(Letter { name: REASONS.to_owned(), kinds, ..letter(policy) });
    });
    asked.beside(of_kent().numbered(7)).when(refuse("Kent Police asked twice")).proposed(Effect::Tell);
}

#[test]
fn what_is_no_name_of_a_reporter_may_be_said() {
    let set = |says: &str| Command::Set { edits: vec![Edit::Put(text("clause", says))] };
    let report = shipped_as("terms").with(accounts(&["@alice:our.org"]));
    let own = |label: &str, value: &str| {
        report.with(Field { reading: Reading::Unknown { meant: None }, ..text(label, value) })
    };
    own("reporter", "Vic and Tim").when(set("4, this and that")).at_once();
    own("reporter", "ABC Vic").when(set("4, ABC")).at_once();
    // A line that the form has is what it is about.
    report.with(text("room name", "Spam")).when(set("4, Spam")).at_once();
}
