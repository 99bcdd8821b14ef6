//! Notices that docket brings to users itself: handed out once two people agreed and nobody said no meanwhile, asked about again before
//! each step, and put on record as far as they come. Letters to those who asked by themselves are handed out with them.

use std::rc::Rc;

use super::Batch;
use crate::case::decide::{self, Leave};
use crate::case::{Account, CaseId, Step, Visit};
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, NoticeRoom, Outcome, Parcel, facets};
use crate::ports::hex;

/// How many cases are handed out at one tick.
const AT_ONCE: usize = 256;

impl Batch<'_> {
    /// The notices of cases on which one is on its way, and that were not handed out since a start, or since one more came. Whoever
    /// works on one already knows it by its id.
    pub(super) fn notices(&mut self) -> Result<Vec<Post>, DeskFault> {
        let facet = facets::on_its_way();
        let (mut posts, mut from) = (Vec::new(), u64::MAX);
        loop {
            let numbers = self.desk.ask(|index| index.numbers(&facet, from))?;
            for id in numbers.iter().filter_map(|number| CaseId::new(u32::try_from(*number).ok()?)) {
                if posts.len() >= AT_ONCE {
                    return Ok(posts); // the others at the next tick
                }
                if self.desk.handed_out.insert(id)
                    && let Ok(case) = self.case(id)?
                {
                    let users = case.notices.keys();
                    posts.extend(users.filter_map(|account| Post::notice(self.desk, &case, account)));
                    let letters = case.visit.iter().flat_map(Visit::on_its_way);
                    posts.extend(letters.filter_map(|letter| Post::letter(self.desk, &case, letter)));
                }
            }
            match numbers.last().and_then(|last| last.checked_sub(1)) {
                Some(next) => from = next,
                None => return Ok(posts),
            }
        }
    }

    /// Whether a notice may take its next step: the gate is asked over everything that is on record by now.
    pub(super) fn may_tell(&mut self, id: CaseId, account: &Account) -> Result<Outcome, DeskFault> {
        self.commit()?;
        let Ok(case) = self.case(id)? else { return Ok(Outcome::Seen) };
        let Some(post) = Post::notice(self.desk, &case, account) else { return Ok(Outcome::Seen) };
        let mut around = self.around_swept(&case)?;
        around.naming = self.desk.naming(&case, std::slice::from_ref(account))?;
        let leave = match self.is_still() || !self.certain {
            true => Leave::Waits,
            false => decide::may_leave(&case, account, &around, &self.desk.terms),
        };
        let parcel = || {
            let room = case.notice(account).and_then(|notice| notice.room()).map(str::to_owned);
            let word = hex(&self.desk.journal.keyed("notice room", format!("{id}/{account}").as_bytes()));
            Box::new(Parcel { post: post.clone(), word, room })
        };
        Ok(match leave {
            Leave::Goes => Outcome::Tells(parcel()),
            Leave::Barred => Outcome::Barred(parcel()),
            Leave::Waits => {
                self.desk.handed_out.remove(&id);
                Outcome::Stays
            }
            Leave::Over => Outcome::Seen,
        })
    }

    /// Whose notice a room was made for.
    pub(super) fn notice_room(&mut self, room: &str) -> Result<Outcome, DeskFault> {
        self.commit()?;
        if self.is_still() {
            return Ok(Outcome::NoticeRoom(None));
        }
        let facet = facets::notice_room(room);
        let numbers = self.desk.ask(|index| index.numbers(&facet, u64::MAX))?;
        for id in numbers.into_iter().filter_map(|number| CaseId::new(u32::try_from(number).ok()?)) {
            let Ok(case) = self.case(id)? else { continue };
            if let Some((account, notice)) =
                case.notices.iter().find(|(_, notice)| notice.room() == Some(room))
            {
                let (account, notice) = (account.clone(), notice.clone());
                let reply = hex(&self.desk.journal.keyed("notice reply", room.as_bytes()));
                return Ok(Outcome::NoticeRoom(Some(Box::new(NoticeRoom {
                    case: id,
                    account,
                    notice,
                    reply,
                }))));
            }
        }
        Ok(Outcome::NoticeRoom(None))
    }

    /// Puts a step on record, and says what it brings; that it stays where it could not be.
    pub(super) fn stepped(
        &mut self,
        id: CaseId,
        account: &Account,
        step: Step,
    ) -> Result<Outcome, DeskFault> {
        self.commit()?;
        if self.is_still() {
            return Ok(Outcome::Stays);
        }
        let Ok(case) = self.case(id)?.map(Rc::unwrap_or_clone) else { return Ok(Outcome::Seen) };
        let events = decide::stepped(&case, account, step);
        if events.is_empty() {
            return Ok(Outcome::Seen);
        }
        let posts = self.swept(id, &events)?;
        let before = self.desk.journal.head();
        self.commit()?;
        Ok(match self.desk.journal.head() == before {
            true => Outcome::Stays,
            false => Outcome::Posts(posts),
        })
    }
}
