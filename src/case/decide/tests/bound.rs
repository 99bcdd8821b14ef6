//! What takes two people because something binds, because a notice is owed, or because two stood behind it; and what is beside
//! that and takes one.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use super::telling::told;
use super::verifying::knowing;
use crate::case::decide::effects::effects;
use crate::case::*;

fn gagged(given: &Given) -> Given {
    given.done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn off(name: &str) -> Command {
    set([Edit::RemoveAccounts(accounts(&[name]))])
}

/// What a change from one case to another would take two for, whatever brought it.
fn of_change(before: &Given, after: &Given) -> Vec<Effect> {
    let note = Command::Note { text: "x".to_owned() };
    effects(&note, &before.case, &after.case, &Vec::new(), &before.around, &before.setting())
}

#[test]
fn what_is_only_missing_keeps_nobody_on_a_case() {
    // An order is wanted here and none is on file: the notice itself waits for it, the lines do not.
    let case = given("information").with(accounts(&["@a:our.org", "@b:our.org"]));
    case.when(off("@b:our.org")).at_once();
    gagged(&case).when(off("@b:our.org")).proposed(Effect::Tell);
}

/// A wish for secrecy gives the requester a time to serve an order (rule 16); a gag that ends before it is less.
#[test]
fn a_gag_that_ends_before_the_time_to_serve_an_order_takes_two() {
    let asked = told().with(secrecy(Secrecy::Open)).under(|policy| {
        policy.notice.serve_within = Span::Days(14);
    });
    let in_time: DateTime<Utc> = "2026-12-04T23:59:59Z".parse().unwrap();
    let gag = |given: &Given, until: Option<DateTime<Utc>>| {
        given.after(Event::GagSet { ordered_by: "x".to_owned(), day: None, until, document: None })
    };
    let second = TimeDelta::seconds(1);
    assert_eq!(of_change(&asked, &gag(&asked, Some(in_time - second))), [Effect::Tell]);
    assert_eq!(of_change(&asked, &gag(&asked, Some(in_time))), []);
    assert_eq!(of_change(&asked, &gag(&asked, None)), []);
    // Where nobody asked for secrecy even a short one is more than there was.
    assert_eq!(of_change(&told(), &gag(&told(), Some(now() + second))), []);
}

#[test]
fn a_flag_comes_off_a_gagged_case_by_two() {
    let bound = gagged(&told());
    let flagged = bound.after(Event::Flagged { flag: Flag::Csea });
    assert_eq!(of_change(&flagged, &bound), [Effect::Tell]);
    assert_eq!(of_change(&bound, &flagged), []);
}

/// What nobody can read any more may have bound to more than the gag beside it does (rule 59).
#[test]
fn a_case_whose_policy_is_lost_goes_on_by_two_whatever_else_binds_it() {
    let mut lost = gagged(&told()).by("root");
    lost.case.policy = "lost/1".to_owned();
    lost.terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    lost.when(Command::Adopt { policy: None }).proposed(Effect::Tell);
}

/// Rules 25 to 31: once something came of it, or records are kept, whoever it was about is owed a notice.
#[test]
fn whoever_is_owed_a_notice_comes_off_a_case_by_two() {
    let held = told().after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(90) });
    for (owed, is_kept) in [(told().answered(), false), (held, true)] {
        owed.when(off("@a:our.org")).proposed(Effect::Tell);
        let what = Telling::Told { via: "mail".to_owned() };
        let told = owed.after(Event::NoticeSettled { account: account("@a:our.org"), what, at: None });
        // What is kept for them is let go with them, told or not.
        let taken_off = told.when(off("@a:our.org"));
        if is_kept { taken_off.proposed(Effect::Destroy) } else { taken_off.at_once() }
    }
    told().when(off("@a:our.org")).at_once();
    // Where nobody is told, nobody is forgotten.
    let untold = given("terms").with(accounts(&["@a:our.org"]));
    untold.answered().when(off("@a:our.org")).at_once();
}

/// What we write down of what was done since ends a clock, and rewords no answer.
#[test]
fn what_was_done_since_an_answer_is_written_down_by_one() {
    let answered = given("other")
        .under(|policy| {
            let mut clock = policy.clocks[0].clone();
            clock.until = Stop::Line("erased".to_owned());
            policy.clocks.push(clock);
        })
        .after(Event::Answered { extent: Extent::Full });
    answered.when(set([put(text("erased", "all of it"))])).at_once();
    answered.when(set([put(text("reference", "X"))])).proposed(Effect::Disclose);
}

#[test]
fn on_a_bound_case_a_line_that_binds_nobody_comes_off_whatever_it_was_read_as() {
    let secret = given("preservation").with(secrecy(Secrecy::Open));
    let claimed = Field { reading: Reading::Claimed, ..text("review", "done") };
    let unknown = Reading::Unknown { meant: Some("colour".to_owned()) };
    for field in [claimed, Field { reading: unknown, ..text("colur", "red") }] {
        let taken_off = put(Field { value: String::new(), ..field.clone() });
        secret.with(field).when(set([taken_off])).at_once();
    }
    // A misspelt wish for secrecy does bind, beside a gag too: another word under the right label is another.
    let slip = Field {
        reading: Reading::Unknown { meant: Some(SECRECY_KEY.to_owned()) },
        ..text("confidental", "until 2026-12-31")
    };
    let taken_off = put(Field { value: String::new(), ..slip.clone() });
    let no = set([put(secrecy(Secrecy::No)), taken_off]);
    gagged(&given("preservation")).with(slip).when(no).proposed(Effect::Tell);
}

/// What we write down of each task of a clock is ours, and what the requester said is not.
#[test]
fn of_the_lines_of_an_answered_case_those_that_a_clock_has_for_tasks_are_ours() {
    let answered = given("other")
        .under(|policy| {
            let mut clock = policy.clocks[0].clone();
            clock.tasks = shipped().clocks.into_iter().find_map(|rule| rule.tasks);
            let tasks = clock.tasks.as_mut().expect("one of the shipped clocks has some");
            tasks.only.clear();
            tasks.lines = owned(&["unlinked", "purged"]);
            policy.clocks.push(clock);
        })
        .after(Event::Answered { extent: Extent::Full });
    answered.when(set([put(text("purged", "2026-11-20"))])).at_once();
    answered.when(set([put(text("reference", "X"))])).proposed(Effect::Disclose);
}

#[test]
fn a_case_keeps_its_users_for_those_of_its_duplicates_and_of_no_other_case() {
    let duplicate = told().after(linked(57, Relation::Duplicate, false));
    duplicate.when(off("@a:our.org")).proposed(Effect::Tell);
    told().after(linked(57, Relation::Appeal, false)).when(off("@a:our.org")).at_once();
    // Where nobody can read any more whether its users are told, they are told no later by one person.
    let mut lost = told();
    lost.case.policy = "lost/1".to_owned();
    assert_eq!(of_change(&told(), &lost), [Effect::Tell]);
}

/// Rule 16: the time to serve an order begins when the letter is put on record; another policy begins it by two.
#[test]
fn the_time_to_serve_an_order_begins_by_one_and_a_policy_begins_it_by_two() {
    let asked = told().with(secrecy(Secrecy::Open));
    let written = asked.told_by("secrecy");
    assert_eq!(of_change(&asked, &written), []);
    // Under the old policy it rested on an instrument that nobody knew, so that no time ran.
    let unknown = written.with(text("instrument", "a scribble"));
    let mut known = unknown.clone();
    let mut policy = known.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    policy.instruments.retain(|instrument| instrument.name == "court-order");
    for instrument in &mut policy.instruments {
        instrument.countries.clear();
        instrument.known_by = vec!["scribble".to_owned()];
        instrument.notice = Tell::Tell;
    }
    known.terms.policies.insert("ours/2".to_owned(), policy);
    known.case.policy = "ours/2".to_owned();
    let both = Given { terms: known.terms.clone(), ..unknown };
    assert_eq!(of_change(&both, &known), [Effect::Tell]);
}

/// Rule 46: what takes two is to say that something was weighed, once.
#[test]
fn a_refusal_that_two_people_gave_weighs_nothing_again() {
    let refused =
        |code: &str| Event::RequestRefused { code: code.to_owned(), text: "No.".into(), words: None };
    let asked = shipped_as("subject").with(text("right", "erasure"));
    let weighed = asked.after(refused("state-events"));
    assert_eq!(of_change(&asked, &weighed), [Effect::Policy]);
    weighed.when(Command::Note { text: "x".to_owned() }).at_once();
    assert_eq!(of_change(&asked, &asked.after(refused("a code of before"))), []);
}

/// A misspelt line of accounts binds whoever is on it, even where the names are none that are found in a text.
#[test]
fn on_a_bound_case_a_misspelt_line_of_bare_names_stays_until_each_is_an_account() {
    let meant = Reading::Unknown { meant: Some("accounts".to_owned()) };
    let slip = Field { reading: meant, ..text("acounts", "carl,dave; eve") };
    let case = given("preservation").with(secrecy(Secrecy::Open)).with(slip.clone());
    let off = || put(Field { value: String::new(), ..slip.clone() });
    let add = |names: &[&str]| Edit::AddAccounts(accounts(names));
    case.when(set([off()])).proposed(Effect::Tell);
    case.when(set([add(&["@carl:our.org", "@dave:our.org"]), off()])).proposed(Effect::Tell);
    case.when(set([add(&["@carl:our.org", "@dave:our.org", "@eve:our.org"]), off()])).at_once();
}

/// What is only missing beside a gag frees nobody who is named anywhere in it.
#[test]
fn a_gagged_case_without_its_order_forgets_nobody_by_one() {
    let case = gagged(&given("information").with(accounts(&["@a:our.org"])));
    let named = case.with(text("purpose", "the second suspect is @c:our.org"));
    named.when(set([put(text("purpose", "fraud"))])).proposed(Effect::Tell);
}

/// Rule 61: once two have said that a request is genuine, what is done on it takes no two again.
#[test]
fn who_poses_as_an_agency_takes_two_once() {
    let mail = "roe@met-police.uk";
    let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
    let posed = given("information").with(Field { reading, ..text("email", mail) });
    let posed = Given { terms: knowing(), ..posed };
    let called = posed.called();
    assert_eq!(of_change(&posed, &called), [Effect::Verify]);
    assert_eq!(of_change(&called, &called.after(Event::Noted { text: "x".to_owned() })), []);
    // Where nobody can read any more what kind it is, nobody is posed as.
    let lost = |given: &Given| Given {
        case: Case { policy: "lost/1".to_owned(), ..given.case.clone() },
        ..given.clone()
    };
    assert_eq!(of_change(&lost(&posed), &lost(&called)), []);
}

/// An erasure that was answered and done.
fn erased() -> Given {
    let asked = under_eu("subject").with(accounts(&["@a:our.org"])).with(text("right", "erasure"));
    asked.after(Event::Answered { extent: Extent::Full }).with(text("erased", "2026-11-20"))
}

fn without(given: &Given, key: &str) -> Given {
    let mut given = given.clone();
    given.case.fields.retain(|field| field.key != key);
    given
}

#[test]
fn an_erasure_that_would_be_another_now_takes_two() {
    // To ask for some records after all, or to take back that it was done.
    let note = |given: &Given| given.with(text("context", "a note"));
    assert_eq!(of_change(&erased(), &note(&erased())), []);
    assert_eq!(of_change(&erased(), &erased().with(text("data", "account"))), [Effect::Disclose]);
    assert_eq!(of_change(&erased(), &note(&without(&erased(), "erased"))), [Effect::Disclose]);
    // Where nobody says which right is asked for, it may be more than that.
    let unsaid = without(&erased(), "right");
    assert_eq!(of_change(&unsaid, &note(&unsaid)), [Effect::Disclose]);
}

#[test]
fn an_answer_is_rewritten_by_two_where_nobody_could_read_of_whom_it_was() {
    let answered =
        given("other").with(accounts(&["@a:our.org"])).after(Event::Answered { extent: Extent::Full });
    let unread = answered.with(half_read());
    assert_eq!(of_change(&unread, &answered), [Effect::Disclose]);
    assert_eq!(of_change(&answered, &answered.with(accounts(&["@a:our.org"]))), []);
}

#[test]
fn what_is_asked_for_no_more_after_an_answer_hides_nothing() {
    let asked = shipped_as("removal").with(text("data", "account"));
    assert_eq!(of_change(&asked, &without(&asked, "data")), [Effect::Disclose]);
    let none = asked.after(Event::Answered { extent: Extent::None });
    assert_eq!(of_change(&none, &without(&none, "data")), []);
}

#[test]
fn another_policy_that_makes_an_answer_give_out_records_takes_two() {
    let mut before = given("terms").after(Event::Answered { extent: Extent::Full });
    let mut policy = before.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    policy.kinds.iter_mut().for_each(|kind| kind.discloses = true);
    before.terms.policies.insert(policy.version.clone(), policy);
    let mut after = before.clone();
    after.case.policy = "ours/2".to_owned();
    assert!(of_change(&before, &after).contains(&Effect::Disclose));
}

#[test]
fn who_asks_about_their_own_data_is_left_unanswered_by_two_and_an_agency_by_one() {
    let left = |given: &Given| given.after(Event::LeftUnsent { reason: "a fake".to_owned() });
    let (person, agency) = (given("subject"), given("information"));
    assert_eq!(of_change(&person, &left(&person)), [Effect::Leave]);
    assert_eq!(of_change(&agency, &left(&agency)), []);
    // It is decided once.
    assert_eq!(of_change(&left(&person), &left(&person)), []);
    // Where nobody can read any more who asks, it may be a person.
    let mut lost = agency.clone();
    lost.terms.policies.clear();
    assert_eq!(of_change(&lost, &left(&lost)), [Effect::Leave]);
}

#[test]
fn a_gag_that_is_over_makes_no_wish_since_any_less() {
    let gag = Event::GagSet {
        ordered_by: "x".to_owned(),
        day: None,
        until: Some(now() + TimeDelta::hours(1)),
        document: None,
    };
    let over = told().after(gag).after(Event::GagOver { how: GagEnding::Ended });
    let anew = over.after(Event::FieldSet { field: secrecy(Secrecy::Open) });
    assert!(anew.case.asks_for_secrecy());
    assert_eq!(of_change(&anew, &anew), []);
}

#[test]
fn that_another_case_becomes_a_duplicate_frees_nobody_on_this_one() {
    let case = gagged(&told()).beside(told().numbered(2));
    let effects = |events: Vec<(CaseId, Event)>| {
        let note = Command::Note { text: "x".to_owned() };
        effects(&note, &case.case, &case.case, &events, &case.around, &case.setting())
    };
    assert_eq!(effects(vec![(id(2), linked(1, Relation::Duplicate, true))]), []);
    assert_eq!(effects(vec![(id(1), linked(2, Relation::Duplicate, true))]), [Effect::Tell]);
    // To say that nothing binds is a decision, whatever binds besides.
    let how = GagEnding::NotBinding { reason: "x".to_owned() };
    assert_eq!(effects(vec![(id(1), Event::GagOver { how })]), [Effect::Tell]);
}

#[test]
fn to_take_a_word_of_a_requester_who_poses_as_another_off_takes_one() {
    let address = |mail: &str| {
        let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
        Field { reading, ..text("email", mail) }
    };
    let mut posed =
        given("information").with(text("agency", "Met Police")).with(address("roe@met-police.uk"));
    posed.terms = Terms { directory: knowing().directory, ..posed.terms };
    assert_eq!(of_change(&posed, &posed.called()), [Effect::Verify]);
    assert_eq!(of_change(&posed.called(), &posed), []);
}

#[test]
fn where_nothing_binds_there_is_no_gag_to_lift() {
    let lift = Command::Gag(GagStep::Lift { by: "the court".to_owned() });
    given("terms").when(lift).refused(Restraint::NoGag.into());
    let not_binding = Command::Gag(GagStep::NotBinding { reason: "no order names us".to_owned() });
    given("terms").when(not_binding).refused(Restraint::NoGag.into());
}

#[test]
fn an_order_is_put_on_record_again_once_its_document_has_come() {
    let order = || Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None });
    let bound = given("information").done(order());
    bound.when(order()).refused(Refusal::NoChange);
    let with_document = bound.after(attached("order.pdf", FileRole::Instrument)).done(order());
    assert!(with_document.case.gag.is_some_and(|gag| gag.document.is_some()));
}

#[test]
fn nobody_is_found_twice_not_to_be_concerned() {
    let alice = account("@alice:our.org");
    let found = || GagStep::NotAbout { account: alice.clone(), reason: "another Alice".to_owned() };
    let cleared = Event::Cleared { account: alice.clone(), reason: "another Alice".to_owned() };
    given("information").after(cleared).when(Command::Gag(found())).refused(Refusal::NoChange);
}
