//! What was seen of the room, and who stands in the list of people: put on record where it changed, and said. Knows no rule: what is
//! wrong about it, and what follows, is said in `case::decide`.

use std::collections::BTreeMap;

use super::Batch;
use crate::case::decide;
use crate::case::{Account, CaseId, DeskEvent, MasterKey, Order, OrderId, Person, RoomSeen, WatchEvent};
use crate::chat::{Page, text};
use crate::desk::deliver::Post;
use crate::desk::{Desk, DeskFault, Outcome, PostKind, facets, search};
use crate::ports::hex;

/// How many cases of one person, or with something that waits, are looked at.
const MOST: usize = 2_000;

impl Desk {
    /// What the room hears of what was put on record.
    pub(in crate::desk) fn watch_page(&mut self, events: &[DeskEvent]) -> Result<Option<Page>, DeskFault> {
        let mut cases: BTreeMap<Account, Vec<CaseId>> = BTreeMap::new();
        for account in left(events) {
            let within = [facets::open(), facets::owner(Some(&account))];
            // Whose sealed cases are is for those to see who may.
            let sealed = facets::sealed();
            let found = self.ask(|index| search::search(index, &within, Some(&sealed), 0, MOST))?.cases;
            cases.insert(account, found);
        }
        let of = |account: &Account| cases.get(account).cloned().unwrap_or_default();
        Ok(text::watched(events, &of, &self.terms))
    }
}

impl Post {
    /// What is said of it: whoever must act is called.
    pub(in crate::desk) fn of_the_watch(
        desk: &Desk,
        order: OrderId,
        page: Page,
        events: &[DeskEvent],
    ) -> Post {
        let post = Post::of_the_desk(desk, order, page);
        if decide::calls(events) { post } else { Post { mentions: Vec::new(), ..post } }
    }
}

impl Batch<'_> {
    /// Somebody looked at the room.
    pub(super) fn watched(&mut self, seen: RoomSeen) -> Result<Outcome, DeskFault> {
        self.desk.room = Some(seen);
        let posts = self.watch_again()?;
        let Some(seen) = &self.desk.room else { return Ok(Outcome::Posts(posts)) };
        let terms = &self.desk.terms;
        let (remove, goes) = (decide::to_be_removed(seen, terms), decide::goes(seen, terms));
        Ok(Outcome::Watched { posts, remove, goes })
    }

    /// Holds what was seen last against the people and identities as they are by now.
    pub(super) fn watch_again(&mut self) -> Result<Vec<Post>, DeskFault> {
        let Some(seen) = &self.desk.room else { return Ok(Vec::new()) };
        let events = decide::watched(seen, self.desk.standing.watch(), &self.desk.terms);
        if events.is_empty() {
            return Ok(Vec::new());
        }
        self.put_on_record(events.into_iter().map(DeskEvent::from).collect())
    }

    /// Another list of people is in force. Whoever left it leaves nothing behind that counts.
    pub(super) fn people(
        &mut self,
        people: Vec<Person>,
        named: BTreeMap<Account, MasterKey>,
    ) -> Result<Outcome, DeskFault> {
        self.commit()?;
        self.desk.list_people(people, named)?;
        let Some(changed) = decide::people_changed(self.desk.standing.watch(), &self.desk.terms) else {
            return Ok(Outcome::Posts(Vec::new()));
        };
        let mut events = vec![DeskEvent::from(changed)];
        let gone = left(&events);
        let mut posts = Vec::new();
        // Before it is on record that they left: after a stop in between they are found to have left once more.
        if !gone.is_empty() {
            let pending = [facets::pending()];
            let found = self.desk.ask(|index| search::search(index, &pending, None, 0, MOST))?.cases;
            for id in found {
                let voided = self.case(id)?.map(|case| decide::left_behind(&case, &gone));
                if let Ok(voided) = voided
                    && !voided.is_empty()
                {
                    let said = self.swept(id, &voided)?;
                    posts.extend(self.written(said)?);
                }
            }
        }
        events.extend(decide::left_behind_at_the_desk(self.desk.standing.waiting(), &gone));
        posts.splice(0..0, self.put_on_record(events)?);
        Ok(Outcome::Posts(posts))
    }

    fn put_on_record(&mut self, events: Vec<DeskEvent>) -> Result<Vec<Post>, DeskFault> {
        let page = self.desk.watch_page(&events)?;
        let owes = if page.is_some() { vec![Order::Alarm] } else { Vec::new() };
        let orders = self.draft_for_the_desk(events.clone(), owes)?;
        let posts = orders.into_iter().zip(page);
        let posts = posts.map(|(order, page)| Post::of_the_watch(self.desk, order, page, &events)).collect();
        self.written(posts)
    }

    /// The configuration does not read. It is said, and not put on record: nothing has changed.
    pub(super) fn misconfigured(&self) -> Outcome {
        let at = self.now.to_rfc3339();
        let txn = hex(&self.desk.journal.keyed("misconfigured", at.as_bytes()));
        Outcome::Posts(vec![Post::new(txn, PostKind::Alarm, text::misconfigured())])
    }
}

/// Who left the list of people.
fn left(events: &[DeskEvent]) -> Vec<Account> {
    let of = |event: &DeskEvent| match event {
        DeskEvent::Stands(crate::case::StandingEvent::Watch(WatchEvent::PeopleChanged { left, .. })) => {
            left.clone()
        }
        _ => Vec::new(),
    };
    events.iter().flat_map(of).collect()
}
