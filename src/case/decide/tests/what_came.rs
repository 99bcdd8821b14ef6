//! A user who is told of a request reads what came of it, in every language (rules 25, 28), and is told anew once that is not so.

use super::given::*;
use crate::case::letter::to_user_in;
use crate::case::*;

const ALICE: &str = "@a:our.org";

fn asked(kind: &str) -> Given {
    let asked = shipped_as(kind).with(accounts(&[ALICE])).with(text("agency", "Kent Police")).called();
    asked.with(text("confidential", "no"))
}

fn answered(extent: Extent) -> Event {
    Event::Answered { extent }
}

fn says(given: &Given, tongue: Option<Tongue>) -> String {
    to_user_in(tongue, &given.case, &account(ALICE), &given.terms, given.now).unwrap().draft.text()
}

fn told() -> Event {
    Event::NoticeSettled { account: account(ALICE), what: Telling::Told { via: "mail".to_owned() }, at: None }
}

/// Whether a command has users told anew, and whether it is that nothing came of it.
fn anew(given: &Given, command: Command) -> Option<bool> {
    given.by_two(command).into_iter().find_map(|(_, event)| match event {
        Event::ToldInVain { .. } => Some(true),
        Event::ToldAnew { .. } => Some(false),
        _ => None,
    })
}

#[test]
fn the_notice_says_whether_anything_is_given_out_in_every_language() {
    for kind in ["information", "emergency", "other"] {
        let asked = asked(kind).with(text("data", "login records"));
        let gone = asked.told_by("answer");
        let states = [
            (&asked, ["have not decided yet", "noch nicht entschieden", "pas encore décidé"]),
            (
                &asked.after(answered(Extent::Part)),
                ["decided to give out data", "Daten herauszugeben", "communiquer des données"],
            ),
            (
                &asked.after(answered(Extent::Full)),
                ["decided to give out data", "Daten herauszugeben", "communiquer des données"],
            ),
            (
                &asked.after(answered(Extent::None)),
                ["nobody gets anything about you", "Niemand bekommt", "personne n’obtient"],
            ),
            (
                &asked.done(refuse("scope", None)),
                ["nobody gets anything about you", "Niemand bekommt", "personne n’obtient"],
            ),
            (
                &gone.done(refuse("scope", None)),
                ["has been given out", "herausgegeben worden", "ont été communiquées"],
            ),
            // Whoever opens a case again makes nothing undone.
            (&gone, ["has been given out", "herausgegeben worden", "ont été communiquées"]),
        ];
        let every: Vec<&str> = states.iter().flat_map(|(_, words)| words).copied().collect();
        for (given, words) in &states {
            for (tongue, said) in [None, Some(Tongue::De), Some(Tongue::Fr)].into_iter().zip(words) {
                let text = says(given, tongue);
                let others = || every.iter().filter(|other| *other != said && text.contains(**other));
                assert!(text.contains(said) && others().next().is_none(), "{kind}: {said}: {text}");
            }
        }
    }
    // With a duplicate nothing of its own comes of it, and nobody reads that nothing was decided or given out.
    let twin = asked("information").after(linked(9, Relation::Duplicate, true));
    assert!(says(&twin, None).contains("Please ask us what came of it."));
    // What else somebody asked for is done, and is no data.
    let blocked = asked("other").after(answered(Extent::Full));
    assert!(says(&blocked, None).contains("We did what it asks for, or a part of it"));
    assert!(says(&blocked, Some(Tongue::De)).contains("haben wir getan"));
    assert!(says(&blocked, Some(Tongue::Fr)).contains("Nous avons fait ce qui était demandé"));
}

#[test]
fn the_notice_of_a_preservation_says_whether_anything_is_kept() {
    let asked = asked("preservation");
    let until = now() + chrono::TimeDelta::days(90);
    let kept = asked.after(Event::HoldStarted { from: now(), until });
    let over = kept.after(Event::HoldOver { how: HoldEnding::Expired });
    // The hold of the case that it extends keeps the records of those whom both name.
    let kept_with = |of: &str| {
        let mut with = asked.clone();
        with.case.kept_with = Some(KeptWith { case: id(9), until, of: [account(of)].into() });
        with
    };
    let (with, not_theirs) = (kept_with(ALICE), kept_with("@b:our.org"));
    for (given, words) in [
        (&asked, ["keep nothing because of it", "bewahren wir deswegen nichts auf", "ne conservons rien"]),
        (&kept, ["keep these records", "bewahren wir diese Daten", "nous conservons ces données"]),
        (
            &not_theirs,
            ["keep nothing because of it", "bewahren wir deswegen nichts auf", "ne conservons rien"],
        ),
        (&with, ["keep these records", "bewahren wir diese Daten", "nous conservons ces données"]),
        (&over, ["keep nothing because of it", "bewahren wir deswegen nichts auf", "ne conservons rien"]),
    ] {
        for (tongue, said) in [None, Some(Tongue::De), Some(Tongue::Fr)].into_iter().zip(words) {
            let text = says(given, tongue);
            assert!(text.contains(said), "{said}: {text}");
        }
    }
}

#[test]
fn whoever_was_told_that_nobody_gets_anything_is_told_once_somebody_does() {
    let reopen = || Command::Reopen { reason: None };
    let asked = asked("information").with(text("data", "login records"));
    let refused = asked.done(refuse("scope", None)).after(told()).done(reopen());
    assert_eq!(anew(&refused, Command::Answer { extent: Extent::None }), None);
    let wish = self::asked("other");
    let denied = wish.done(refuse("scope", None)).after(told()).done(reopen());
    assert_eq!(anew(&denied, Command::Answer { extent: Extent::Full }), Some(false));
    let granted = denied.done_by_two(Command::Answer { extent: Extent::Full });
    assert!(granted.case.notice(&account(ALICE)).is_none(), "they are owed a notice again");
    // And the other way round.
    let was = asked.after(answered(Extent::Full)).after(told()).done(reopen());
    assert_eq!(anew(&was, refuse("scope", None)), Some(true));
    // How much of it they were not told.
    let part = wish.after(answered(Extent::Full)).after(told()).done(reopen());
    assert_eq!(anew(&part, Command::Answer { extent: Extent::Part }), None);
    // Who was told before anything was decided, was told that they can ask.
    let early = asked.after(told());
    assert_eq!(anew(&early, refuse("scope", None)), None);
    // Words of the operator's own that do not say what came of it are said once.
    let own = was.under(|policy| {
        policy.letters.iter_mut().filter(|letter| letter.name == "notice").for_each(|letter| {
            letter.text = "We were asked about you.".to_owned();
        });
    });
    assert_eq!(anew(&own, refuse("scope", None)), None);
}
