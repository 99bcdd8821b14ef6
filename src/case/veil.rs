//! A case, what happened to it and what is refused on it, without the cases that are sealed now (rule 66): whoever reads must not
//! learn which they are. For what everybody reads; rules go by the case itself.
//!
//! This is the one place that says what of another case is left. Where something hangs on it (how the case ended, what keeps its
//! records, what it counters) it reads "another case", so that what is shown as the next step stays right. What was found
//! beside a case (what it is like, what contradicts it) goes. Does not know which cases are sealed.

use super::conflict::Conflict;
use super::{
    Beside, Case, CaseId, Command, Ending, Event, Hush, Link, NoWayBack, Refusal, Relation, Restraint,
};

/// Which cases are not shown.
pub type Hidden<'h> = &'h dyn Fn(CaseId) -> bool;

impl CaseId {
    /// Its number, as somebody reads it who may not know of these.
    fn veiled(self, hidden: Hidden<'_>) -> CaseId {
        if hidden(self) { CaseId::UNSHOWN } else { self }
    }
}

#[cfg(test)]
mod what_is_left;

impl Case {
    /// The other cases that a page about it names.
    pub fn others_named(&self) -> impl Iterator<Item = CaseId> + '_ {
        let Beside { like, conflicts, may_counter, .. } = &self.beside;
        let beside = like.iter().map(|like| like.case).chain(conflicts.iter().flat_map(both));
        let hushed = self.hushed.values().flat_map(|hush| hush.by.iter().chain(&hush.unshown).copied());
        let links = self.links.iter().map(|link| link.other).chain(self.counters.keys().copied());
        let kept = self.kept_with.as_ref().map(|kept| kept.case).into_iter().chain(self.let_go_with);
        let ended = self.outcome.as_ref().and_then(|outcome| match outcome.what {
            Ending::Duplicate { of } => Some(of),
            Ending::Answered { .. }
            | Ending::Refused { .. }
            | Ending::Withdrawn
            | Ending::Redirected { .. } => None,
        });
        let proposed = self.proposals.iter().flat_map(|proposal| proposal.command.cases_named());
        let own = self.id;
        let all =
            beside.chain(may_counter.iter().copied()).chain(links).chain(hushed).chain(kept).chain(ended);
        let down = self.kept_down.others();
        let all = all.chain(proposed).chain(down);
        all.filter(move |id| *id != own)
    }

    /// The same, as somebody sees it who may not know of these.
    pub fn veiled(mut self, hidden: Hidden<'_>) -> Case {
        self.beside = without(&self.beside, hidden);
        let seen = |link: Link| Link { other: link.other.veiled(hidden), ..link };
        self.links = std::mem::take(&mut self.links).into_iter().map(seen).collect();
        let counters = std::mem::take(&mut self.counters);
        self.counters = counters.into_iter().map(|(id, at)| (id.veiled(hidden), at)).collect();
        let gone = std::mem::take(&mut self.notices_gone);
        self.notices_gone = gone.into_iter().map(|id| id.veiled(hidden)).collect();
        let decided = std::mem::take(&mut self.decided_before);
        self.decided_before = decided.into_iter().map(|(id, by)| (id.veiled(hidden), by)).collect();
        let again = std::mem::take(&mut self.worked_again);
        self.worked_again = again.into_iter().map(|id| id.veiled(hidden)).collect();
        let decided = std::mem::take(&mut self.decided_with);
        self.decided_with = decided.into_iter().map(|(id, with)| (id.veiled(hidden), with)).collect();
        if let Some(kept) = &mut self.kept_with {
            kept.case = kept.case.veiled(hidden);
        }
        self.let_go_with = self.let_go_with.map(|id| id.veiled(hidden));
        if let Some(outcome) = &mut self.outcome {
            outcome.what = outcome.what.clone().veiled(hidden);
        }
        for Hush { by, unshown, .. } in self.hushed.values_mut() {
            let (gone, stay) = by.iter().partition(|id| hidden(**id));
            *by = stay;
            unshown.extend::<std::collections::BTreeSet<CaseId>>(gone);
        }
        self.kept_down.veiled(hidden);
        for proposal in &mut self.proposals {
            proposal.command = proposal.command.clone().veiled(hidden);
        }
        self
    }
}

impl Ending {
    /// The same, as somebody reads it who may not know of these.
    fn veiled(self, hidden: Hidden<'_>) -> Ending {
        if let Ending::Duplicate { of } = self { Ending::Duplicate { of: of.veiled(hidden) } } else { self }
    }
}

impl Event {
    /// The same, as somebody sees it who may not know of these; `None` if nothing is left of it.
    pub fn veiled(self, hidden: Hidden<'_>) -> Option<Event> {
        let event = self.unnamed(hidden);
        if let Event::Linked { other, how, outward, .. } | Event::Unlinked { other, how, outward } = &event {
            // That it is a duplicate is how the case ended, and stands on its card.
            return (other.is_shown() || (*how == Relation::Duplicate && *outward)).then_some(event);
        }
        if let Event::DecidedBefore { other, .. } = &event {
            return other.is_shown().then_some(event);
        }
        if let Event::Compared { beside } = &event {
            return (!beside.is_nothing()).then_some(event);
        }
        if let Event::Contradicted { conflict } = &event {
            return both(conflict).into_iter().all(CaseId::is_shown).then_some(event);
        }
        if let Event::Warned { conflicts, unshown } = &event {
            return (*unshown || !conflicts.is_empty()).then_some(event);
        }
        if let Event::MayCounter { cases } = &event {
            return (!cases.is_empty()).then_some(event);
        }
        if let Event::TakenBack { took, .. } = &event {
            return (!took.is_empty()).then_some(event);
        }
        Some(event)
    }

    /// The same for whoever did it, and reads that it was done: a link is said even where the log leaves it out.
    pub fn veiled_as_done(self, hidden: Hidden<'_>) -> Option<Event> {
        if let Event::Linked { .. } | Event::Unlinked { .. } = self {
            Some(self.unnamed(hidden))
        } else {
            self.veiled(hidden)
        }
    }

    /// The same without their numbers.
    fn unnamed(mut self, hidden: Hidden<'_>) -> Event {
        if let Event::Linked { other, .. }
        | Event::Unlinked { other, .. }
        | Event::CounterMoved { other, .. }
        | Event::CounterEnded { other }
        | Event::CounterStands { other, .. }
        | Event::NoticeGone { other, .. }
        | Event::DecidedBefore { other, .. }
        | Event::KeptWith { other, .. }
        | Event::KeptNoLonger { other } = &mut self
        {
            *other = other.veiled(hidden);
        } else if let Event::Compared { beside } = &mut self {
            *beside = without(beside, hidden);
        } else if let Event::Contradicted { conflict } = &mut self {
            conflict.one = conflict.one.veiled(hidden);
            conflict.other = conflict.other.veiled(hidden);
        } else if let Event::Warned { conflicts, .. } = &mut self {
            conflicts.retain(|conflict| !both(conflict).into_iter().any(hidden));
        } else if let Event::Hushed { by, unshown, .. } | Event::KeptDown { by, unshown, .. } = &mut self {
            unshown.extend(by.iter().copied().filter(|id| hidden(*id)).collect::<Vec<_>>());
            by.retain(|id| !hidden(*id));
            if let Event::KeptDown { until, asked, .. } = &mut self {
                asked.veiled(hidden);
                until.iter_mut().for_each(|until| until.of.veiled(hidden));
            }
        } else if let Event::BroughtBack { other, unshown, .. } = &mut self {
            *unshown |= hidden(*other);
            *other = other.veiled(hidden);
        } else if let Event::HoldExtended { asked_by, .. } | Event::HoldSetRight { asked_by, .. } = &mut self
        {
            *asked_by = asked_by.filter(|id| !hidden(*id));
        } else if let Event::ReceivedSet { counters, further, .. } = &mut self {
            *counters = counters.filter(|id| !hidden(*id));
            further.retain(|id| !hidden(*id));
        } else if let Event::DueAgain { other } = &mut self {
            *other = other.veiled(hidden);
        } else if let Event::MayCounter { cases } = &mut self {
            cases.retain(|id| !hidden(*id));
        } else if let Event::TakenBack { took, .. } = &mut self {
            *took = veiled(std::mem::take(took), hidden);
        } else if let Event::Proposed { command, .. } | Event::NoticeForbidden { command, .. } = &mut self {
            **command = command.as_ref().clone().veiled(hidden);
        }
        self
    }
}

impl Command {
    /// The cases that it names.
    fn cases_named(&self) -> Vec<CaseId> {
        if let Command::Link { other, .. } | Command::Unlink { other } = self {
            vec![*other]
        } else if let Command::Undo { returns } = self {
            returns.iter().map(|returned| returned.case).collect()
        } else {
            Vec::new()
        }
    }

    /// The same, as somebody reads it who may not know of these. Never to be carried out.
    fn veiled(mut self, hidden: Hidden<'_>) -> Command {
        if let Command::Link { other, .. } | Command::Unlink { other } = &mut self {
            *other = other.veiled(hidden);
        } else if let Command::Undo { returns } = &mut self {
            for returned in returns {
                returned.case = returned.case.veiled(hidden);
                returned.took = veiled(std::mem::take(&mut returned.took), hidden);
            }
        }
        self
    }
}

impl Refusal {
    /// The same, as everybody reads it. Where the other case is all that it is about, or the way out is to do something there,
    /// nothing is left but whom to ask.
    pub fn veiled(self, hidden: Hidden<'_>) -> Refusal {
        match self {
            Refusal::Restraint(restraint) => restraint.veiled(hidden),
            Refusal::AlreadyEnded(ending) => Refusal::AlreadyEnded(ending.veiled(hidden)),
            Refusal::LinkTurnsRound(other) => Refusal::LinkTurnsRound(other.veiled(hidden)),
            Refusal::OtherIsDuplicate { other, of } if hidden(other) || hidden(of) => Refusal::NotShown,
            Refusal::HasDuplicates { other, .. } if hidden(other) => Refusal::NotShown,
            Refusal::HasDuplicates { duplicates, other } => {
                let mut duplicates: Vec<CaseId> =
                    duplicates.into_iter().map(|id| id.veiled(hidden)).collect();
                duplicates.dedup();
                Refusal::HasDuplicates { duplicates, other }
            }
            Refusal::NoWayBack(NoWayBack::OtherWentOn(other)) if hidden(other) => Refusal::NotShown,
            other => other,
        }
    }
}

impl Restraint {
    fn veiled(self, hidden: Hidden<'_>) -> Refusal {
        match self {
            Restraint::MayNotTell { account, bars, not_about } => {
                let bars = bars.into_iter().map(|(case, bar)| (case.veiled(hidden), bar)).collect();
                Restraint::MayNotTell { account, bars, not_about: not_about.filter(|id| !hidden(*id)) }.into()
            }
            Restraint::CountersNobody { likely } => {
                Restraint::CountersNobody { likely: likely.filter(|id| !hidden(*id)) }.into()
            }
            Restraint::ErasureWaits { mut holds } => {
                holds.retain(|id| !hidden(*id));
                Restraint::ErasureWaits { holds }.into()
            }
            Restraint::StaysDown { label, mut down, court } => {
                down.veiled(hidden);
                Restraint::StaysDown { label, down, court }.into()
            }
            Restraint::DecidedIt { other } => Restraint::DecidedIt { other: other.veiled(hidden) }.into(),
            Restraint::KeptForSome { other, left } => {
                Restraint::KeptForSome { other: other.veiled(hidden), left }.into()
            }
            Restraint::OverForMore { asks } if hidden(asks) => Restraint::NoHold.into(),
            Restraint::CountersDuplicate { other, of } if hidden(other) || hidden(of) => Refusal::NotShown,
            // Why not says of what kind it is, whom it names or what became of it.
            Restraint::NoDuplicate { other, .. }
            | Restraint::DuplicateNamesMore { other, .. }
            | Restraint::DuplicateTellsNobody { other, .. }
            | Restraint::CountersOthers { other, .. }
            | Restraint::NoCounterNotice { other, .. }
            | Restraint::NotLinked { other, .. }
            | Restraint::NotExtended { other }
            | Restraint::HeldByOther { other, .. }
            | Restraint::CodeOfCase { case: other, .. }
                if hidden(other) =>
            {
                Refusal::NotShown
            }
            other => other.into(),
        }
    }
}

fn veiled(events: Vec<Event>, hidden: Hidden<'_>) -> Vec<Event> {
    events.into_iter().filter_map(|event| event.veiled(hidden)).collect()
}

fn both(conflict: &Conflict) -> [CaseId; 2] {
    [conflict.one, conflict.other]
}

fn without(beside: &Beside, hidden: Hidden<'_>) -> Beside {
    let mut beside = beside.clone();
    beside.like.retain(|like| !hidden(like.case));
    beside.may_counter.retain(|id| !hidden(*id));
    beside.conflicts.retain(|conflict| !both(conflict).into_iter().any(hidden));
    beside
}

#[cfg(test)]
mod tests {
    use super::super::decide::gate::Bar;
    use super::super::{Account, Unlike};
    use super::*;

    fn id(number: u32) -> CaseId {
        CaseId::new(number).unwrap()
    }

    fn alice() -> Account {
        Account::parse("@alice:try.test").unwrap()
    }

    fn is_seven(other: CaseId) -> bool {
        other == id(7)
    }

    #[test]
    fn what_waits_for_a_second_person_names_it_no_longer() {
        let link = |other| Command::Link { other, how: Relation::Duplicate };
        assert_eq!(link(id(7)).veiled(&is_seven), link(CaseId::UNSHOWN));
        assert_eq!(link(id(8)).veiled(&is_seven), link(id(8)));
        assert_eq!(link(id(7)).cases_named(), [id(7)]);
    }

    #[test]
    fn a_link_is_said_to_whoever_made_it_and_left_out_of_the_log_but_for_a_duplicate() {
        let linked = |other, how| Event::Linked { other, how, outward: true, received: None };
        let to = |how| linked(id(7), how);
        assert_eq!(to(Relation::Referral).veiled(&is_seven), None);
        let unnamed = |how| Some(linked(CaseId::UNSHOWN, how));
        assert_eq!(to(Relation::Referral).veiled_as_done(&is_seven), unnamed(Relation::Referral));
        assert_eq!(to(Relation::Duplicate).veiled(&is_seven), unnamed(Relation::Duplicate));
        let took = Event::TakenBack { took: vec![to(Relation::Referral)], back: Vec::new() };
        assert_eq!(took.veiled(&is_seven), None);
    }

    #[test]
    fn a_refusal_about_it_says_whom_to_ask_and_nothing_else() {
        let (other, accounts) = (id(7), vec![alice()]);
        let about_it: [Refusal; 14] = [
            Restraint::NoDuplicate { other, why: Unlike::Requester }.into(),
            Restraint::DuplicateNamesMore { other, accounts: accounts.clone() }.into(),
            Restraint::DuplicateTellsNobody { other, accounts }.into(),
            Restraint::CountersOthers { other, kinds: Vec::new() }.into(),
            Restraint::NotExtended { other }.into(),
            Restraint::HeldByOther { other, step: "extend", has_own: false }.into(),
            Refusal::OtherIsDuplicate { other: id(8), of: other },
            Refusal::OtherIsDuplicate { other, of: id(8) },
            Refusal::HasDuplicates { duplicates: vec![id(8)], other },
            Restraint::CountersDuplicate { other, of: id(8) }.into(),
            Restraint::CountersDuplicate { other: id(8), of: other }.into(),
            Restraint::NotLinked { other, stays: None }.into(),
            Restraint::CodeOfCase { case: other, code: "abcd".to_owned() }.into(),
            NoWayBack::OtherWentOn(other).into(),
        ];
        for refusal in about_it {
            assert_eq!(refusal.clone().veiled(&|_| false), refusal);
            assert_eq!(refusal.veiled(&is_seven), Refusal::NotShown);
        }
    }

    #[test]
    fn a_refusal_that_has_a_way_out_without_it_keeps_that() {
        let barred = |case, not_about| -> Refusal {
            let bars = vec![(case, Bar::Unresolved)];
            Restraint::MayNotTell { account: alice(), bars, not_about }.into()
        };
        assert_eq!(barred(id(7), Some(id(7))).veiled(&is_seven), barred(CaseId::UNSHOWN, None));
        assert_eq!(barred(id(8), Some(id(8))).veiled(&is_seven), barred(id(8), Some(id(8))));
        let holds = |holds: &[u32]| -> Refusal {
            Restraint::ErasureWaits { holds: holds.iter().copied().map(id).collect() }.into()
        };
        assert_eq!(holds(&[7, 8]).veiled(&is_seven), holds(&[8]));
        let kept = |other| -> Refusal { Restraint::KeptForSome { other, left: vec![alice()] }.into() };
        assert_eq!(kept(id(7)).veiled(&is_seven), kept(CaseId::UNSHOWN));
        let duplicates = |all: &[CaseId]| Refusal::HasDuplicates { duplicates: all.to_vec(), other: id(8) };
        let shown = [CaseId::UNSHOWN, id(9)];
        assert_eq!(duplicates(&[id(7), id(9)]).veiled(&is_seven), duplicates(&shown));
        // Of two that are not shown nobody learns that there are two.
        assert_eq!(
            duplicates(&[id(7), id(9)]).veiled(&|other| other != id(8)),
            duplicates(&[CaseId::UNSHOWN])
        );
        for about_it in [
            |other| Refusal::AlreadyEnded(Ending::Duplicate { of: other }),
            |other| Refusal::LinkTurnsRound(other),
            |other| Restraint::DecidedIt { other }.into(),
        ] {
            let about_it: fn(CaseId) -> Refusal = about_it;
            assert_eq!(about_it(id(7)).veiled(&is_seven), about_it(CaseId::UNSHOWN));
            assert_eq!(about_it(id(8)).veiled(&is_seven), about_it(id(8)));
        }
        let over = || -> Refusal { Restraint::OverForMore { asks: id(7) }.into() };
        assert_eq!(over().veiled(&is_seven), Restraint::NoHold.into());
        assert_eq!(over().veiled(&|_| false), over());
        let likely = |likely| -> Refusal { Restraint::CountersNobody { likely }.into() };
        assert_eq!(likely(Some(id(7))).veiled(&is_seven), likely(None));
        assert_eq!(likely(Some(id(8))).veiled(&is_seven), likely(Some(id(8))));
    }
}
