//! One session: takes lines, gives items to show.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::block::{self, Block};
use super::clock::RehearsalClock;
use super::item::{Item, Shown};
use super::posting::{LARGEST_FILE, PostFiles};
use super::steer::{self, Steer};
use super::users::Whereabouts;
use super::words;
use crate::case::{Account, CaseId, Order, OrderId, Step, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, file_text, text};
use crate::desk::{
    Brought, Got, Handle, Input, Looked, Message, Outcome, OwnWord, Post, PostKind, PostedFile, Proof,
    Stopped,
};
use crate::files;
use crate::ports::{Clock, Files, Hash, Head, Seq};

/// The clock stops at so many moments on its way; a desk on which more falls due is asked again.
const MOST_MOMENTS: usize = 20_000;

/// A session of `docket try`.
pub struct Rehearsal {
    pub(super) desk: Handle,
    clock: RehearsalClock,
    files: Box<dyn Files>,
    source: Box<dyn PostFiles>,
    terms: Terms,
    me: Account,
    /// Makes the ids of this session's messages differ from those of every other on the same data.
    pub(super) nonce: String,
    pub(super) messages: usize,
    pub(super) items: Vec<Told>,
    reply_to: Option<usize>,
    block: Option<Block>,
    shown: Vec<(OrderId, Option<String>)>,
    /// The notices of which the desk is to know how far they came.
    pub(super) told: Vec<(CaseId, Account, Step)>,
    /// The letters of which the desk is to know what became of them.
    pub(super) brought: Vec<Brought>,
    /// What users do whom docket tells something, where it is not the usual.
    pub(super) users: BTreeMap<Account, Whereabouts>,
    /// Those who were invited and have not come.
    pub(super) invited: Vec<(CaseId, Account)>,
    /// What the steady clock said at the last tick.
    steady: Option<Duration>,
    over: bool,
}

/// What is remembered of an item.
pub(super) struct Told {
    case: Option<CaseId>,
    file: Option<Posted>,
}

/// A file that somebody posted.
struct Posted {
    name: String,
    from: Account,
    bytes: Arc<[u8]>,
}

impl Rehearsal {
    /// A session over a desk that is served.
    pub fn new(
        desk: Handle,
        clock: RehearsalClock,
        files: Box<dyn Files>,
        source: Box<dyn PostFiles>,
        terms: Terms,
        nonce: String,
    ) -> Option<Rehearsal> {
        let me = terms.people.first()?.account.clone();
        Some(Rehearsal {
            desk,
            clock,
            files,
            source,
            terms,
            me,
            nonce,
            messages: 0,
            items: Vec::new(),
            reply_to: None,
            block: None,
            shown: Vec::new(),
            told: Vec::new(),
            brought: Vec::new(),
            users: BTreeMap::new(),
            invited: Vec::new(),
            steady: None,
            over: false,
        })
    }

    /// The first screen.
    pub fn first_screen(&self) -> &'static str {
        words::FIRST
    }

    /// Who types.
    pub fn me(&self) -> &Account {
        &self.me
    }

    /// Whether a message of several lines has begun and not ended.
    pub fn in_block(&self) -> bool {
        self.block.is_some()
    }

    /// Forgets a message of several lines that has begun.
    pub fn drop_block(&mut self) {
        self.block = None;
    }

    /// Whether `/quit` was typed.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// What was owed when the last session on this data ended.
    pub fn left_over(&mut self, posts: Vec<Post>) -> Result<Vec<Shown>, Stopped> {
        self.show(posts)
    }

    /// Takes one line and gives what it brings. After it has been shown, call [`Rehearsal::was_shown`].
    pub fn line(&mut self, line: &str) -> Result<Vec<Shown>, Stopped> {
        if line.trim_end() == block::MARK {
            if self.block.is_some() {
                return self.end();
            }
            self.block = Some(Block::default());
            return Ok(Vec::new());
        }
        if let Some(block) = &mut self.block {
            block.push(line);
            return Ok(Vec::new());
        }
        if line.starts_with('/') {
            return match steer::read(line.trim_end()) {
                Ok(steer) => self.steer(steer),
                Err(sentence) => Ok(vec![Shown::Word(sentence)]),
            };
        }
        let mut shown = self.wake()?;
        if !line.trim().is_empty() {
            shown.extend(self.say(line.to_owned())?);
            // What was said may be due at once.
            shown.extend(self.wake()?);
        }
        Ok(shown)
    }

    /// What has fallen due by now. A desk that runs by itself looks every minute; here it looks whenever somebody does.
    pub fn wake(&mut self) -> Result<Vec<Shown>, Stopped> {
        self.tick().map(|(shown, _)| shown)
    }

    /// What has fallen due by now, and when something does next.
    fn tick(&mut self) -> Result<(Vec<Shown>, Option<DateTime<Utc>>), Stopped> {
        let steady = self.clock.steady();
        let passed = steady.zip(self.steady).and_then(|(now, then)| now.checked_sub(then));
        self.steady = steady;
        match self.desk.ask(Input::Tick { steady: passed })? {
            Outcome::Ticked { posts, next } => Ok((self.show(posts)?, next)),
            Outcome::Posts(_)
            | Outcome::Keep(_)
            | Outcome::ReadFile
            | Outcome::Fetch
            | Outcome::Recognised(_)
            | Outcome::Watched { .. }
            | Outcome::Unread(_)
            | Outcome::Coming(_)
            | Outcome::Seen
            | Outcome::Purged(_)
            | Outcome::NotPurged(_)
            | Outcome::Tallied(..)
            | Outcome::Reported(_)
            | Outcome::NoReport(_)
            | Outcome::OnHost { .. }
            | Outcome::Health(_)
            | Outcome::Standing { .. }
            | Outcome::Leaves(_)
            | Outcome::Tells(_)
            | Outcome::Writes(..)
            | Outcome::Unwritten(_)
            | Outcome::Joins
            | Outcome::Barred(_)
            | Outcome::NoticeRoom(_)
            | Outcome::Stays => Ok((Vec::new(), None)),
        }
    }

    /// Moves the clock from one moment at which something falls due to the next, so that each thing happens in its time.
    fn advance(&mut self, then: DateTime<Utc>) -> Result<Vec<Shown>, Stopped> {
        let (mut shown, mut next) = self.tick()?;
        for _ in 0..MOST_MOMENTS {
            let Some(moment) = next.filter(|moment| *moment < then) else {
                self.clock.advance_to(then);
                shown.extend(self.wake()?);
                shown.push(Shown::Word(self.time()));
                return Ok(shown);
            };
            self.clock.advance_to(moment);
            let (more, after) = self.tick()?;
            shown.extend(more);
            next = after;
        }
        let time = self.time();
        let word = format!("{time} So much fell due that I stopped here; /advance goes on.");
        shown.push(Shown::Word(word));
        Ok(shown)
    }

    fn time(&self) -> String {
        format!("It is {}.", dates::moment(self.clock.now(), self.terms.zone))
    }

    /// Takes note of a line that could not be read. A message that it stands in is not sent without it.
    pub fn unread(&mut self, why: &'static str) -> Vec<Shown> {
        match &mut self.block {
            Some(block) => {
                block.spoil(why);
                Vec::new()
            }
            None => vec![Shown::Word(format!("That line is {why}, so it is no message; nothing was done."))],
        }
    }

    /// The input has ended: a message that was begun is said, so that nothing typed is lost.
    pub fn end(&mut self) -> Result<Vec<Shown>, Stopped> {
        match self.block.take() {
            None => Ok(Vec::new()),
            Some(Block { unread: Some(why), .. }) => Ok(vec![Shown::Word(format!(
                "That message, or a line of it, is {why}; nothing of it was sent."
            ))]),
            Some(Block { text, unread: None }) => {
                self.say(text.strip_suffix('\n').unwrap_or_default().to_owned())
            }
        }
    }

    /// What was given before has been shown: the desk no longer owes it.
    /// If that brings more to show (a card that has changed since), it is given back: show it, and call this again.
    pub fn was_shown(&mut self) -> Result<Vec<Shown>, Stopped> {
        let shown = self.tell_the_desk()?;
        if !shown.is_empty() || self.shown.is_empty() {
            return Ok(shown);
        }
        match self.desk.ask(Input::Delivered(std::mem::take(&mut self.shown)))? {
            Outcome::Posts(posts) => self.show(posts),
            Outcome::Keep(_)
            | Outcome::ReadFile
            | Outcome::Fetch
            | Outcome::Recognised(_)
            | Outcome::Watched { .. }
            | Outcome::Unread(_)
            | Outcome::Coming(_)
            | Outcome::Seen
            | Outcome::Purged(_)
            | Outcome::NotPurged(_)
            | Outcome::Tallied(..)
            | Outcome::Reported(_)
            | Outcome::NoReport(_)
            | Outcome::OnHost { .. }
            | Outcome::Health(_)
            | Outcome::Ticked { .. }
            | Outcome::Standing { .. }
            | Outcome::Leaves(_)
            | Outcome::Tells(_)
            | Outcome::Writes(..)
            | Outcome::Unwritten(_)
            | Outcome::Joins
            | Outcome::Barred(_)
            | Outcome::NoticeRoom(_)
            | Outcome::Stays => Ok(Vec::new()),
        }
    }

    fn steer(&mut self, steer: Steer) -> Result<Vec<Shown>, Stopped> {
        let word = match steer {
            Steer::As(account) => {
                let listed = if self.terms.person(&account).is_some() {
                    ""
                } else {
                    ", who is not in the list of people"
                };
                let name = crate::chat::shown_in_line(account.as_str());
                self.me = account;
                format!("You are {name}{listed}.")
            }
            Steer::Now => self.time(),
            Steer::Advance(span) => match steer::after(self.clock.now(), span, &self.terms) {
                Ok(then) => return self.advance(then),
                Err(sentence) => sentence,
            },
            Steer::File(path) => return Ok(vec![self.post_file(&path)]),
            Steer::Reply(n) => {
                if n == 0 || n > self.items.len() {
                    return Ok(vec![Shown::Word(format!("There is no item {n}."))]);
                }
                self.reply_to = Some(n);
                format!("Your next message answers item {n}.")
            }
            Steer::Redact(n) => return self.redact(n),
            Steer::Resume(account) => return self.resume(account),
            Steer::RolledBack(by) => return self.rolled_back(by),
            Steer::User(user, does) => return self.user(user, does),
            Steer::Dm(user, text) => return self.visit(user, text),
            Steer::Help => words::STEERING.to_owned(),
            Steer::Quit => {
                self.over = true;
                return Ok(Vec::new());
            }
        };
        Ok(vec![Shown::Word(word)])
    }

    /// An item is taken out of the room. A card is posted again.
    fn redact(&mut self, n: usize) -> Result<Vec<Shown>, Stopped> {
        if n == 0 || n > self.items.len() {
            return Ok(vec![Shown::Word(format!("There is no item {n}."))]);
        }
        let post = self.card(n);
        let mut shown = vec![Shown::Word(format!("Item {n} is gone from the room."))];
        if let Outcome::Posts(posts) = self.desk.ask(Input::CardGone { post, by_docket: false })? {
            shown.extend(self.show(posts)?);
        }
        Ok(shown)
    }

    /// The id of an item, if it is a card.
    fn card(&self, n: usize) -> String {
        format!("$card-{}-{n}", self.nonce)
    }

    /// What `docket resume` does beside a docket that runs.
    fn resume(&mut self, account: Account) -> Result<Vec<Shown>, Stopped> {
        let Outcome::OnHost { page, .. } = self.desk.ask(Input::Resume(account))? else {
            return Ok(Vec::new());
        };
        let mut shown = vec![Shown::Word(page.text())];
        shown.extend(self.wake()?);
        Ok(shown)
    }

    /// What a docket in its room finds at a start, where the room tells of more than is on record.
    fn rolled_back(&mut self, by: u64) -> Result<Vec<Shown>, Stopped> {
        let Outcome::Leaves(Head { seq, .. }) = self.desk.ask(Input::Leaving(Vec::new()))? else {
            return Ok(Vec::new());
        };
        let head = Head { seq: Seq(seq.0 + by), hash: Hash([0; 32]) };
        let word = OwnWord::Head { at: self.clock.now(), head, instance: String::new() };
        let looked = Looked { instance: None, own: vec![word] };
        match self.desk.ask(Input::Looked(Box::new(looked)))? {
            Outcome::Posts(posts) => self.show(posts),
            _ => Ok(Vec::new()),
        }
    }

    fn post_file(&mut self, path: &str) -> Shown {
        let bytes = match self.source.read(path) {
            Ok(bytes) if bytes.len() as u64 > LARGEST_FILE => {
                return Shown::Word("That file is larger than 64 MiB; nothing was posted.".to_owned());
            }
            Ok(bytes) => bytes,
            Err(sentence) => return Shown::Word(sentence),
        };
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
        let page = Page::of(Line::new().theirs(&name).say(format!(" · {}", text::size(bytes.len() as u64))));
        let item = Item {
            n: self.items.len() + 1,
            at: self.clock.now(),
            case: None,
            edit: false,
            kind: "file",
            from: Some(self.me.clone()),
            mentions: Vec::new(),
            only: None,
            page,
        };
        self.items.push(Told {
            case: None,
            file: Some(Posted { name, from: self.me.clone(), bytes: bytes.into() }),
        });
        Shown::Item(item)
    }

    fn say(&mut self, text: String) -> Result<Vec<Shown>, Stopped> {
        self.messages += 1;
        let answered = self.reply_to.take().and_then(|n| self.items.get(n - 1));
        let file = answered.and_then(|told| told.file.as_ref());
        let message = Message {
            id: format!("$try-{}-{}", self.nonce, self.messages),
            sender: self.me.clone(),
            text,
            edit: false,
            about: answered.and_then(|told| told.case),
            file: file
                .map(|file| PostedFile { from: Some(file.from.clone()), ..PostedFile::named(&file.name) }),
            proof: Proof::Word,
        };
        let (name, bytes) = file.map(|file| (file.name.clone(), Arc::clone(&file.bytes))).unwrap_or_default();
        let outcome = match self.desk.ask(Input::Message(message.clone()))? {
            Outcome::Keep(case) => match files::keep(self.files.as_ref(), case, &name, &bytes) {
                Ok(kept) => self.desk.ask(Input::Message(got(message, Got::Kept(case, kept))))?,
                Err(fault) => {
                    let page = Page::of(
                        Line::new().say(format!("Not done: {fault}. Nothing was attached; try it again.")),
                    );
                    return Ok(vec![self.answer(case, page)]);
                }
            },
            Outcome::ReadFile => {
                let text = Got::Text(file_text(&name, &bytes));
                self.desk.ask(Input::Message(got(message, text)))?
            }
            outcome => outcome,
        };
        Ok(match outcome {
            Outcome::Posts(posts) => self.show(posts)?,
            Outcome::Keep(_)
            | Outcome::ReadFile
            | Outcome::Fetch
            | Outcome::Recognised(_)
            | Outcome::Watched { .. }
            | Outcome::Unread(_)
            | Outcome::Coming(_)
            | Outcome::Seen
            | Outcome::Purged(_)
            | Outcome::NotPurged(_)
            | Outcome::Tallied(..)
            | Outcome::Reported(_)
            | Outcome::NoReport(_)
            | Outcome::OnHost { .. }
            | Outcome::Health(_)
            | Outcome::Ticked { .. }
            | Outcome::Standing { .. }
            | Outcome::Leaves(_)
            | Outcome::Tells(_)
            | Outcome::Writes(..)
            | Outcome::Unwritten(_)
            | Outcome::Joins
            | Outcome::Barred(_)
            | Outcome::NoticeRoom(_)
            | Outcome::Stays => Vec::new(),
        })
    }

    /// An answer that the desk had no part in.
    fn answer(&mut self, case: CaseId, page: Page) -> Shown {
        self.items.push(Told { case: Some(case), file: None });
        Shown::Item(Item {
            n: self.items.len(),
            at: self.clock.now(),
            case: Some(case),
            edit: false,
            kind: PostKind::Reply.name(),
            from: None,
            mentions: Vec::new(),
            only: None,
            page,
        })
    }

    pub(super) fn show(&mut self, posts: Vec<Post>) -> Result<Vec<Shown>, Stopped> {
        let mut shown = Vec::new();
        for post in posts {
            match (post.kind, post.case, post.only.clone()) {
                (PostKind::Notice, Some(case), Some(user)) => shown.extend(self.tell(case, user)?),
                (PostKind::Letter, Some(case), Some(user)) => shown.extend(self.write(case, user, post)?),
                _ => shown.push(self.put(post)),
            }
        }
        Ok(shown)
    }

    pub(super) fn put(&mut self, post: Post) -> Shown {
        let n = self.items.len() + 1;
        // The card is edited in place ever after, so the desk must know which post it is.
        let card = self.card(n);
        self.shown.extend(post.orders.iter().map(|order| {
            let is_new = order.order == Order::Card && post.edits.is_none();
            (*order, is_new.then(|| card.clone()))
        }));
        self.items.push(Told { case: post.case, file: None });
        Shown::Item(Item {
            n,
            at: self.clock.now(),
            case: post.case,
            edit: post.edits.is_some(),
            kind: post.kind.name(),
            from: None,
            mentions: post.mentions,
            only: post.only,
            page: post.page,
        })
    }
}

/// The message, after this was made of the file that it answers.
fn got(message: Message, got: Got) -> Message {
    let file = message.file.clone().map(|file| file.with(got));
    Message { file, ..message }
}
