//! Users in a rehearsal: docket's notices reach whoever comes, and somebody can say that one does not.

use super::item::Shown;
use super::session::Rehearsal;
use crate::case::{Account, CaseId, LetterStopped, Step, Tongue, Unreachable};
use crate::chat::visit::{self, Told};
use crate::chat::{shown_in_line, text};
use crate::desk::{Brought, Input, Outcome, Post, PostKind, Said, Stopped, Visiting};

/// What a user does who is invited by docket. Whoever is not named comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// They come, and read.
    Comes,
    /// They are invited, and nothing more happens.
    StaysAway,
    /// They decline.
    Declines,
    /// The account was deactivated.
    Gone,
    /// No device of theirs reads what is encrypted.
    NoDevice,
}

impl Whereabouts {
    /// Reads it as it is typed.
    pub(super) fn read(typed: &str) -> Option<Whereabouts> {
        Some(match typed.to_lowercase().as_str() {
            "comes" => Whereabouts::Comes,
            "stays away" => Whereabouts::StaysAway,
            "declines" => Whereabouts::Declines,
            "is gone" => Whereabouts::Gone,
            "has no device" => Whereabouts::NoDevice,
            _ => return None,
        })
    }

    fn words(self) -> &'static str {
        match self {
            Whereabouts::Comes => "comes when docket invites them",
            Whereabouts::StaysAway => "stays away when docket invites them",
            Whereabouts::Declines => "declines when docket invites them",
            Whereabouts::Gone => "has deactivated their account",
            Whereabouts::NoDevice => "has no device that reads what is encrypted",
        }
    }

    /// The step that a notice to them takes; none where it is shown.
    fn step(self) -> Option<Step> {
        match self {
            Whereabouts::Comes => None,
            Whereabouts::StaysAway => Some(Step::Invited),
            Whereabouts::Declines => Some(Step::Declined),
            Whereabouts::Gone => Some(Step::Unreachable { why: Unreachable::Deactivated }),
            Whereabouts::NoDevice => Some(Step::Unreachable { why: Unreachable::NoDevice }),
        }
    }
}

impl Rehearsal {
    /// Says what a user does from now on; what waits for them goes on.
    pub(super) fn user(&mut self, user: Account, does: Whereabouts) -> Result<Vec<Shown>, Stopped> {
        let name = shown_in_line(user.as_str());
        let mut shown = vec![Shown::Word(format!("{name} {}.", does.words()))];
        let waiting: Vec<CaseId> =
            self.invited.iter().filter(|(_, invited)| *invited == user).map(|(case, _)| *case).collect();
        self.invited.retain(|(_, invited)| *invited != user);
        self.users.insert(user.clone(), does);
        for case in waiting {
            shown.extend(self.tell(case, user.clone())?);
        }
        Ok(shown)
    }

    /// A notice to a user: the gate is asked once more.
    pub(super) fn tell(&mut self, case: CaseId, user: Account) -> Result<Vec<Shown>, Stopped> {
        let parcel = match self.desk.ask(Input::MayTell(case, user.clone()))? {
            Outcome::Tells(parcel) => parcel,
            Outcome::Barred(_) => {
                let step = Step::HeldBack;
                return match self.desk.ask(Input::Stepped { case, account: user, step })? {
                    Outcome::Posts(posts) => self.show(posts),
                    _ => Ok(Vec::new()),
                };
            }
            _ => return Ok(Vec::new()),
        };
        let does = self.users.get(&user).copied().unwrap_or(Whereabouts::Comes);
        if let Some(step) = does.step() {
            if does == Whereabouts::StaysAway {
                self.invited.push((case, user.clone()));
            }
            self.told.push((case, user, step));
            return Ok(Vec::new());
        }
        let event = format!("$notice-{}-{}", self.nonce, self.items.len());
        self.told.push((case, user, Step::Sent { devices: 1, event }));
        let post = parcel.post;
        Ok(vec![self.put(with_file(post))])
    }

    /// A user writes to docket by themselves.
    pub(super) fn visit(&mut self, sender: Account, text: String) -> Result<Vec<Shown>, Stopped> {
        self.messages += 1;
        if self.users.get(&sender) == Some(&Whereabouts::NoDevice) {
            let page = visit::told(&Told::Unsigned, Tongue::default(), &sender, None);
            let id = format!("try-unsigned-{}", self.messages);
            let post = Post { only: Some(sender), ..Post::new(id, PostKind::Visit, page) };
            return Ok(vec![self.put(post)]);
        }
        let visiting = Visiting {
            id: format!("$try-{}-{}", self.nonce, self.messages),
            sender,
            said: Said::Text(text),
            place: None,
            key: None,
        };
        let mut shown = self.wake()?;
        if let Outcome::Posts(posts) = self.desk.ask(Input::Visit(Box::new(visiting)))? {
            shown.extend(self.show(posts)?);
        }
        shown.extend(self.wake()?);
        Ok(shown)
    }

    /// A letter to a user who wrote.
    pub(super) fn write(
        &mut self,
        case: CaseId,
        user: Account,
        post: Post,
    ) -> Result<Option<Shown>, Stopped> {
        let Some(letter) = post.letter.clone() else { return Ok(None) };
        let stopped = match self.users.get(&user) {
            Some(Whereabouts::Gone) => Some(LetterStopped::Unreachable(Unreachable::Deactivated)),
            Some(Whereabouts::Declines) => Some(LetterStopped::NoRoom),
            Some(Whereabouts::Comes | Whereabouts::StaysAway | Whereabouts::NoDevice) | None => None,
        };
        let post = match self.desk.ask(Input::MayWrite(case, letter.clone()))? {
            Outcome::Writes(post, _) => post,
            Outcome::Unwritten(_) => {
                self.brought.push(Brought { case, letter, stopped: Some(LetterStopped::Changed) });
                return Ok(None);
            }
            _ => return Ok(None),
        };
        let is_stopped = stopped.is_some();
        self.brought.push(Brought { case, letter, stopped });
        Ok((!is_stopped).then(|| self.put(with_file(*post))))
    }

    /// The desk hears what became of the notices and letters that were shown.
    pub(super) fn tell_the_desk(&mut self) -> Result<Vec<Shown>, Stopped> {
        let mut shown = Vec::new();
        for (case, account, step) in std::mem::take(&mut self.told) {
            if let Outcome::Posts(posts) = self.desk.ask(Input::Stepped { case, account, step })? {
                shown.extend(self.show(posts)?);
            }
        }
        for brought in std::mem::take(&mut self.brought) {
            if let Outcome::Posts(posts) = self.desk.ask(Input::Brought(brought))? {
                shown.extend(self.show(posts)?);
            }
        }
        Ok(shown)
    }
}

/// A message with the file that goes with it, as far as that can be shown.
fn with_file(post: Post) -> Post {
    let shown = post.enclosed.iter().flat_map(|file| text::enclosed_shown(&file.name, &file.what));
    Post { page: post.page.clone().lines(shown), ..post }
}
