//! What a user is told, as a message in their language.

use chrono::NaiveDate;

use super::says::Says;
use super::{LONGEST, Wish, says};
use crate::case::{Account, CaseId, Far, Held, Policy, Tongue};
use crate::chat::page::{Line, Page};

/// What there is to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// What they can ask for.
    Menu {
        /// Whether docket says who it is.
        greets: bool,
    },
    /// That it is none of that.
    NotUnderstood,
    /// That it may be any of these.
    Which(Vec<Wish>),
    /// That it sounds like this, and not like what was asked.
    Another(Wish),
    /// What it is, and whether to hand it in.
    Offered(Wish),
    /// What is to be known for it.
    Asks(Wish),
    /// Their words that go with it.
    WithWords(Wish, String),
    /// Whether an erasure is meant, for the second time.
    Twice,
    /// That it is handed in.
    HandedIn(CaseId),
    /// That nothing was.
    Dropped,
    /// That nothing was, for what they wrote is not the word.
    NotTheWord,
    /// That they do not take it back.
    Stays(CaseId),
    /// That they are welcome.
    Thanked,
    /// How far their requests are.
    States(Vec<HowFar>),
    /// Which to take back.
    WhichBack(Vec<HowFar>),
    /// Whether to take it back.
    AsksBack(CaseId),
    /// That they did.
    TookBack(CaseId),
    /// Whether what they wrote goes to it.
    AsksMore(CaseId, String),
    /// That it does.
    Added(CaseId),
    /// That they have added enough within a day.
    AddedEnough,
    /// That they have asked for that.
    AskedAlready(CaseId),
    /// That it is too long.
    TooLong,
    /// That they write too often.
    TooOften,
    /// That they have asked docket into enough rooms within a day.
    TooManyRooms,
    /// That they have asked for enough within a day.
    TooMany(u32),
    /// That everybody has.
    TooManyInAll,
    /// That nobody is served.
    Closed,
    /// That their account is elsewhere.
    NotOurs,
    /// That it cannot be put on record.
    NotNow,
    /// That only text is read.
    OnlyText,
    /// That nothing signs their session.
    Unsigned,
}

/// How far a request is, as far as its user was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HowFar {
    /// Its number.
    pub case: CaseId,
    /// What it is, if that is one of what there is.
    pub wish: Option<Wish>,
    /// On which day it was handed in.
    pub day: NaiveDate,
    /// How far.
    pub far: Far,
}

/// The message.
pub fn told(what: &Told, tongue: Tongue, account: &Account, policy: Option<&Policy>) -> Page {
    let says = says(tongue);
    let one = |text: &str| Page::of(Line::ours(text));
    let of_case = |text: &str, case: CaseId| one(&text.replace("{case}", &case.to_string()));
    match what {
        Told::Menu { greets } => menu(says, tongue, *greets),
        Told::NotUnderstood => one(says.not_understood),
        Told::Which(wishes) => one(says.which).lines(wishes.iter().map(|wish| numbered(says, *wish))),
        Told::Another(wish) => {
            // Whoever may be in danger reads what to do now, whatever they answer.
            let report = says.offers.iter().filter(|offer| offer.wish == *wish && *wish == Wish::Report);
            let danger = report.filter_map(|offer| offer.explains.last()).map(|line| Line::ours(*line));
            one(&says.another.replace("{what}", title(says, *wish))).lines(danger)
        }
        Told::Offered(Wish::Held) => held(says, tongue, policy).line(Line::ours(says.hand_in)),
        Told::Offered(wish) => explained(says, *wish, account).line(Line::ours(says.hand_in)),
        Told::Asks(wish) => {
            let asks = says.offers.iter().find(|offer| offer.wish == *wish).and_then(|offer| offer.asks);
            explained(says, *wish, account).lines(asks.map(Line::ours))
        }
        Told::WithWords(Wish::Held, words) => held(says, tongue, policy)
            .line(Line::ours(says.with_words))
            .their_text(words)
            .line(Line::ours(says.hand_in)),
        Told::WithWords(wish, words) => explained(says, *wish, account)
            .line(Line::ours(says.with_words))
            .their_text(words)
            .line(Line::ours(says.hand_in)),
        Told::Twice => {
            let twice = says.twice.replace("{word}", says.erase).replace("{account}", account.as_str());
            one(&twice)
        }
        Told::HandedIn(case) => {
            let line = |text: &&str| Line::ours(text.replace("{case}", &case.to_string()));
            Page::new().lines(says.handed_in.iter().map(line))
        }
        Told::Dropped => one(says.dropped),
        Told::NotTheWord => one(&says.not_the_word.replace("{word}", says.erase)),
        Told::Stays(case) => of_case(says.stays, *case),
        Told::Thanked => one(says.welcome),
        Told::States(requests) if requests.is_empty() => one(says.no_requests),
        Told::States(requests) => Page::new().lines(requests.iter().map(|one| how_far(says, one))),
        Told::WhichBack(requests) => {
            let lines = requests.iter().enumerate();
            let line = |(n, request): (usize, &HowFar)| {
                Line::ours(format!("{} ", n + 1)).join(how_far(says, request))
            };
            one(says.which_back).lines(lines.map(line))
        }
        Told::AsksBack(case) => of_case(says.back, *case),
        Told::TookBack(case) => of_case(says.is_back, *case),
        Told::AsksMore(case, words) => one(says.with_words)
            .their_text(words)
            .line(Line::ours(says.add.replace("{case}", &case.to_string()))),
        Told::Added(case) => of_case(says.added, *case),
        Told::AskedAlready(case) => of_case(says.asked_already, *case),
        Told::TooLong => one(&says.too_long.replace("{n}", &LONGEST.to_string())),
        Told::AddedEnough => one(says.added_enough),
        Told::TooOften => one(says.too_often),
        Told::TooManyRooms => one(says.too_many_rooms),
        Told::TooMany(most) => one(&says.too_many.replace("{n}", &most.to_string())),
        Told::TooManyInAll => one(says.too_many_in_all),
        Told::Closed => one(says.closed),
        Told::NotOurs => one(says.not_ours),
        Told::NotNow => one(says.not_now),
        Told::OnlyText => one(says.only_text),
        Told::Unsigned => one(says.unsigned),
    }
}

fn menu(says: &Says, tongue: Tongue, greets: bool) -> Page {
    let hello = says.hello.iter().filter(|_| greets).map(|line| Line::ours(*line));
    let others = Tongue::ALL.into_iter().filter(|other| *other != tongue);
    let change: Vec<&str> = others.map(|other| super::says(other).change).collect();
    Page::new()
        .lines(hello)
        .line(Line::ours(says.pick))
        .lines(Wish::ALL.into_iter().map(|wish| numbered(says, wish)))
        .line(Line::ours(change.join(" · ")))
}

fn numbered(says: &Says, wish: Wish) -> Line {
    let n = Wish::ALL.iter().position(|other| *other == wish).map_or(0, |at| at + 1);
    Line::ours(format!("{n} ")).say(title(says, wish))
}

fn title(says: &Says, wish: Wish) -> &'static str {
    says.offers.iter().find(|offer| offer.wish == wish).map_or("", |offer| offer.title)
}

fn explained(says: &Says, wish: Wish, account: &Account) -> Page {
    let explains = says.offers.iter().filter(|offer| offer.wish == wish).flat_map(|offer| offer.explains);
    Page::new().lines(explains.map(|line| Line::ours(line.replace("{account}", account.as_str()))))
}

fn how_far(says: &Says, request: &HowFar) -> Line {
    let far = match request.far {
        Far::Received => says.received,
        Far::Asked => says.asked,
        Far::Longer => says.longer,
        Far::Answered => says.answered,
        Far::TakenBack => says.took_back,
    };
    let line = Line::new().strong(request.case.to_string()).dot();
    let line = match request.wish {
        Some(wish) => line.say(title(says, wish)).dot(),
        None => line,
    };
    line.say(far.replace("{day}", &request.day.to_string()))
}

/// What is held in general and what for, the same for everybody (rules 37, 53, 54, 65).
fn held(says: &Says, tongue: Tongue, policy: Option<&Policy>) -> Page {
    let there = policy.into_iter().flat_map(|policy| policy.categories.iter().map(move |one| (policy, one)));
    let lines = there.map(|(policy, category)| {
        let how = match &category.held {
            Held::Never => says.never.to_owned(),
            Held::Encrypted => says.encrypted.to_owned(),
            Held::For(span) => says.for_so_long.replace("{n}", &span.said_in(tongue)),
            Held::Kept => says.kept.to_owned(),
        };
        let (title, why) = policy.named(category, tongue);
        let line = Line::ours("· ").say(format!("{title} – "));
        // What is not there is for nothing.
        match why.filter(|_| category.held != Held::Never) {
            Some(why) => line.say(format!("{why} ({how})")),
            None => line.say(how),
        }
    });
    Page::of(Line::ours(says.held)).lines(lines).line(Line::ours(says.may_be_kept))
}

/// That nothing signs their session, in every language: nothing that they wrote is known.
pub fn unsigned() -> String {
    Tongue::ALL.map(|tongue| says(tongue).unsigned).join("\n")
}

/// That nothing can be said in a room that is not encrypted, or in which there are others: in every language, for whoever comes there
/// has said nothing yet.
pub fn not_private() -> String {
    Tongue::ALL.map(|tongue| says(tongue).not_private).join("\n")
}
