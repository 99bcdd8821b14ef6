//! A case and its history without the cases that are sealed now (rule 66): what was found beside it before they were says of them
//! what nobody else may know. For what everybody reads; rules go by the case itself.
//!
//! That it was made the duplicate of one stays: it is how the case ended. Does not know which cases are sealed.

use super::conflict::Conflict;
use super::{Beside, Case, CaseId, Event, Hush};

impl Case {
    /// The other cases that a page about it names.
    pub fn others_named(&self) -> impl Iterator<Item = CaseId> + '_ {
        let Beside { like, conflicts, may_counter, .. } = &self.beside;
        let beside = like.iter().map(|like| like.case).chain(conflicts.iter().flat_map(both));
        let hushed = self.hushed.values().flat_map(|hush| hush.by.iter().copied());
        let links = self.links.iter().map(|link| link.other);
        let own = self.id;
        let all = beside.chain(may_counter.iter().copied()).chain(links).chain(hushed);
        all.filter(move |id| *id != own)
    }

    /// The same, as somebody sees it who may not know of these.
    pub fn veiled(mut self, hidden: impl Fn(CaseId) -> bool) -> Case {
        self.beside = without(&self.beside, &hidden);
        self.links.retain(|link| !hidden(link.other));
        for Hush { by, unshown, .. } in self.hushed.values_mut() {
            let (gone, stay) = by.iter().partition(|id| hidden(**id));
            *by = stay;
            unshown.extend::<std::collections::BTreeSet<CaseId>>(gone);
        }
        self
    }
}

impl Event {
    /// The other cases that a line about it names.
    pub fn others_named(&self) -> Vec<CaseId> {
        if let Event::Compared { beside } = self {
            let like = beside.like.iter().map(|like| like.case);
            return like.chain(beside.conflicts.iter().flat_map(both)).collect();
        }
        if let Event::Contradicted { conflict } = self {
            return both(conflict).to_vec();
        }
        if let Event::Warned { conflicts, .. } = self {
            return conflicts.iter().flat_map(both).collect();
        }
        if let Event::Linked { other, .. } | Event::BroughtBack { other, unshown: false, .. } = self {
            return vec![*other];
        }
        if let Event::Hushed { by, .. } = self {
            return by.iter().copied().collect();
        }
        self.asked_by().into_iter().collect()
    }

    /// The same, as somebody sees it who may not know of these; `None` if nothing is left of it.
    pub fn veiled(mut self, hidden: impl Fn(CaseId) -> bool) -> Option<Event> {
        let shown = |conflict: &Conflict| !both(conflict).into_iter().any(&hidden);
        if let Event::Compared { beside } = &mut self {
            *beside = without(beside, &hidden);
            return (!beside.is_nothing()).then_some(self);
        }
        if let Event::Contradicted { conflict } = &self {
            return shown(conflict).then_some(self);
        }
        if let Event::Linked { other, .. } = &self {
            return (!hidden(*other)).then_some(self);
        }
        if let Event::Warned { conflicts, unshown } = &mut self {
            conflicts.retain(shown);
            return (*unshown || !conflicts.is_empty()).then_some(self);
        }
        if let Event::Hushed { by, unshown, .. } = &mut self {
            unshown.extend(by.iter().copied().filter(|id| hidden(*id)).collect::<Vec<_>>());
            by.retain(|id| !hidden(*id));
        }
        if let Event::BroughtBack { other, unshown, .. } = &mut self {
            *unshown |= hidden(*other);
        }
        if let Event::HoldExtended { asked_by, .. } | Event::HoldSetRight { asked_by, .. } = &mut self {
            *asked_by = asked_by.filter(|id| !hidden(*id));
        }
        Some(self)
    }

    fn asked_by(&self) -> Option<CaseId> {
        if let Event::HoldExtended { asked_by, .. } | Event::HoldSetRight { asked_by, .. } = self {
            *asked_by
        } else {
            None
        }
    }
}

fn both(conflict: &Conflict) -> [CaseId; 2] {
    [conflict.one, conflict.other]
}

fn without(beside: &Beside, hidden: &impl Fn(CaseId) -> bool) -> Beside {
    let mut beside = beside.clone();
    beside.like.retain(|like| !hidden(like.case));
    beside.may_counter.retain(|id| !hidden(*id));
    beside.conflicts.retain(|conflict| !both(conflict).into_iter().any(hidden));
    beside
}
