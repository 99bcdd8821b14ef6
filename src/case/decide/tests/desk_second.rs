//! Two people for what is about no case: the directory, whose word counts, the machine's clock.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::decide::{DeskAround, Draw, Setting, desk, lapse};
use crate::case::*;

/// A desk with an administrator who works cases too, and with somebody who was stopped.
#[derive(Clone)]
struct Room {
    around: DeskAround,
    terms: Terms,
    now: DateTime<Utc>,
}

fn room() -> Room {
    let mut terms = terms();
    let admin = |name| Person { account: account(name), roles: vec![Role::Admin, Role::Approver] };
    terms.people.extend([admin("@root:our.org"), admin("@toor:our.org")]);
    terms.frozen.insert(account("@dot:our.org"));
    let around = DeskAround { doubt: Some(Doubt::Gap), ..DeskAround::default() };
    Room { around, terms, now: now() }
}

impl Room {
    fn say(&self, who: &str, command: DeskCommand) -> Result<Vec<DeskEvent>, Refusal> {
        let actor = account(&format!("@{who}:our.org"));
        let draw = Draw([10, 11, 12, 13, 14, 15, 16, 17]);
        let setting = Setting { actor: &actor, terms: &self.terms, now: self.now, certain: true, draw };
        desk(command, &self.around, &setting)
    }

    /// The same with a proposal of the first administrator.
    fn proposed(&self, command: DeskCommand) -> Room {
        let mut room = self.clone();
        match self.say("root", command).unwrap().remove(0) {
            DeskEvent::Stands(StandingEvent::Proposed { proposal }) => room.around.waiting.push(*proposal),
            other => panic!("{other:?}"),
        }
        room
    }

    fn approve(&self, who: &str) -> Result<Vec<DeskEvent>, Refusal> {
        self.say(who, approve(CODE))
    }

    /// That it is void, and why.
    #[track_caller]
    fn voids(&self, why: Void) {
        match self.approve("ben").unwrap().as_slice() {
            [DeskEvent::Stands(StandingEvent::Voided { why: found, .. })] => assert_eq!(*found, why),
            other => panic!("{other:?}"),
        }
    }
}

const CODE: &str = "ABCDEF";

fn approve(code: &str) -> DeskCommand {
    DeskCommand::Approve { code: code.to_owned(), alone: None }
}

fn thaw() -> DeskCommand {
    DeskCommand::Thaw { account: account("@dot:our.org") }
}

fn agency() -> DeskCommand {
    let agency = Agency {
        name: "Kent Police".to_owned(),
        phones: vec!["+44 1632 960200".to_owned()],
        domains: Vec::new(),
        keys: Vec::new(),
        source: "the almanac".to_owned(),
        added: false,
        signed: None,
        additions: Vec::new(),
    };
    DeskCommand::AddAgency { agency }
}

#[test]
fn nothing_that_others_rely_on_comes_from_one_person() {
    for command in [thaw(), agency(), DeskCommand::TrustClock] {
        let room = room().proposed(command.clone());
        assert_eq!(room.around.waiting[0].effects, [Effect::Verify]);
        assert_eq!(room.approve("root"), Err(Restraint::OwnProposal.into()));
        let events = room.approve("ben").unwrap();
        let carried = StandingEvent::CarriedOut {
            code: CODE.to_owned(),
            proposer: account("@root:our.org"),
            approver: account("@ben:our.org"),
        };
        assert_eq!(events[0], carried.into(), "{command:?}");
        assert_eq!(events.len(), 2);
        assert!(room.approve("toor").is_ok(), "another administrator who approves");
        assert_eq!(
            room.say("root", command),
            Err(Restraint::ProposedAlready { code: CODE.to_owned() }.into())
        );
    }
    let frozen = room().say("ada", DeskCommand::Freeze { account: ada() }).unwrap();
    assert_eq!(
        frozen,
        [StandingEvent::Frozen { account: ada(), by: Some(ada()) }.into()],
        "stopping somebody waits for nobody"
    );
}

#[test]
fn an_administrator_proposes_and_an_approver_approves() {
    for command in [thaw(), agency(), DeskCommand::TrustClock] {
        let lacks = |need| Err(Refusal::RoleLacks(need));
        assert_eq!(room().say("ben", command.clone()), lacks(Need::Administer));
        let mut room = room().proposed(command);
        assert_eq!(room.approve("ada"), lacks(Need::Approve));
        let boss = Person { account: account("@boss:our.org"), roles: vec![Role::Admin] };
        room.terms.people.push(boss);
        assert_eq!(room.approve("boss"), lacks(Need::Approve), "admin alone approves nothing");
    }
}

#[test]
fn both_and_what_it_rests_on_are_looked_at_again() {
    let room = room().proposed(thaw());
    let mut gone = room.clone();
    gone.terms.frozen.insert(account("@root:our.org"));
    gone.voids(Void::RoleLost);
    let mut thawed = room.clone();
    thawed.terms.frozen.clear();
    thawed.voids(Void::NotAllowed);
    let late = Room { now: room.around.waiting[0].expires + TimeDelta::seconds(1), ..room.clone() };
    late.voids(Void::Expired);
    assert_eq!(lapse(&room.around.waiting, None, room.around.waiting[0].expires), []);
    assert_eq!(lapse(&late.around.waiting, None, late.now).len(), 1);
}

#[test]
fn a_clock_is_called_right_for_the_doubt_that_there_is() {
    let room = room().proposed(DeskCommand::TrustClock);
    let with = |doubt| Room { around: DeskAround { doubt, ..room.around.clone() }, ..room.clone() };
    with(Some(Doubt::Backwards)).voids(Void::Changed);
    with(None).voids(Void::Changed);
    Room { now: now() - TimeDelta::minutes(1), ..room.clone() }.voids(Void::Changed);
    assert_eq!(room.approve("ben").unwrap()[1], ClockEvent::ClockTrusted.into());
    assert_eq!(lapse(&room.around.waiting, None, now()).len(), 1, "it is believed without anybody's word");
    // What else waits does not rest on it.
    let thawing = self::room().proposed(thaw());
    let sure = Room { around: DeskAround { doubt: None, ..thawing.around.clone() }, ..thawing };
    assert!(matches!(sure.approve("ben").unwrap()[0], DeskEvent::Stands(StandingEvent::CarriedOut { .. })));
    let certain = Room { around: DeskAround::default(), ..room };
    assert_eq!(certain.say("root", DeskCommand::TrustClock), Err(Restraint::ClockCertain.into()));
}

#[test]
fn codes_are_read_and_counted_as_on_a_case() {
    let mut room = room().proposed(thaw());
    for typed in ["abcdef", " ABC-DEF "] {
        assert!(room.say("ben", approve(typed)).is_ok());
    }
    let wrong = |by: &str| StandingEvent::WrongCode { by: account(&format!("@{by}:our.org")) };
    assert_eq!(room.say("ben", approve("ZZZZZZ")), Ok(vec![wrong("ben").into()]));
    room.around.waiting[0].wrong = BTreeMap::from([(account("@ben:our.org"), 4)]);
    assert_eq!(room.say("cy", approve("ZZZZZZ")), Ok(vec![wrong("cy").into()]));
    assert_eq!(room.say("ben", approve("ZZZZZZ")).unwrap().len(), 2);
    // That of a case is no guess.
    room.around.on_cases = vec![(id(7), "K7M2QX".to_owned())];
    let of_case = Restraint::CodeOfCase { case: id(7), code: "K7M2QX".to_owned() };
    assert_eq!(room.say("ben", approve("k7m2qx")), Err(of_case.into()));
    room.around.waiting[0].wrong.clear();
    assert_eq!(room.say("ben", approve("ZZZZZZ")), Ok(vec![wrong("ben").into()]), "that of none is one");
    let nothing = Room { around: DeskAround::default(), ..room };
    assert_eq!(nothing.say("ben", approve("ZZZZZZ")), Err(Restraint::NoSuchCode.into()));
}

#[test]
fn anybody_at_work_denies() {
    let room = room().proposed(agency());
    let deny = |code: &str| DeskCommand::Deny { code: code.to_owned(), reason: None };
    for who in ["root", "ada", "ben"] {
        assert!(matches!(
            room.say(who, deny(CODE)).unwrap().as_slice(),
            [DeskEvent::Stands(StandingEvent::Denied { .. })]
        ));
    }
    assert_eq!(room.say("ada", deny("ZZZZZZ")), Err(Restraint::NoSuchCode.into()));
    let mut reader = room.clone();
    reader.terms.frozen.clear();
    assert_eq!(reader.say("dot", deny(CODE)), Err(Refusal::RoleLacks(Need::Casework)));
    let alone = DeskCommand::Approve { code: CODE.to_owned(), alone: Some("nobody answers".to_owned()) };
    assert_eq!(room.say("ben", alone), Err(Restraint::NotAlone.into()));
}
