//! What fills each placeholder of a letter for one case, and what would if nothing does.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};

use super::template::Place;
use super::{ANSWER, Filler, Piece};
use crate::case::asking::{PROOF_KEY, Want, is_theirs, wants};
use crate::case::choice::choices;
use crate::case::clock::{IDLE, Run, runs};
use crate::case::done::day_first;
use crate::case::scope::not_understood;
use crate::case::{
    Case, Ending, Field, FieldForm, Hold, HoldEnding, KeptWith, Kind, Policy, Reading, Stop, Terms, Tongue,
    Upshot, Wording, checklist, clocks, day_in,
};

/// How many accounts a letter names before it counts the rest.
const MOST_ACCOUNTS: usize = 50;
/// The ends of the names of stock sentences that stand in the place of others where they are true instead.
const ENDS: [&str; 12] = [
    "at-once",
    "nobody",
    "late",
    "proven",
    "visited",
    "granted",
    "done",
    "given-out",
    "refused",
    "nothing",
    "duplicate",
    "on-hold",
];
/// How much of one value a letter repeats; the requester has the rest.
const LONGEST_VALUE: usize = 2_000;

/// Where values come from.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) case: &'a Case,
    pub(super) kind: &'a Kind,
    pub(super) policy: &'a Policy,
    /// What the requester is told with the ending.
    pub(super) wording: Option<&'a Wording>,
    pub(super) terms: &'a Terms,
    pub(super) now: DateTime<Utc>,
    /// The language, where it is not the policy's own.
    pub(super) tongue: Option<Tongue>,
}

/// What is put in the place of a placeholder.
pub(super) enum Value {
    /// One text.
    Text(Vec<Piece>),
    /// Several.
    List(Vec<Vec<Piece>>),
}

/// Whether anything could ever fill it for a kind.
pub(super) fn can_be_filled(place: &Place, kind: &Kind, policy: &Policy) -> bool {
    match place {
        Place::Broken => false,
        Place::Named(name) => !policy.text(name).is_empty(),
        Place::Counted(what) => policy.counted(what).is_some(),
        Place::Line(key) => kind.field(key).is_some(),
        Place::Each(key) => kind.field(key).is_some_and(|rule| choices(&rule.form).is_some()),
        Place::Accounts => kind.fields.iter().any(|rule| rule.form == FieldForm::Accounts),
        Place::Case
        | Place::Received
        | Place::Today
        | Place::Kind
        | Place::Reason
        | Place::Missing
        | Place::Scope
        | Place::Refused
        | Place::Records
        | Place::NotOurs
        | Place::HoldUntil
        | Place::HoldHistory
        | Place::ExtendedUntil
        | Place::ExtendedWhy
        | Place::Due => true,
    }
}

/// A list on lines of its own, or within a sentence.
pub(super) fn list(items: Vec<Vec<Piece>>, on_lines: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (n, item) in items.into_iter().enumerate() {
        let between = match (on_lines, n) {
            (true, 0) => "- ",
            (true, _) => "\n- ",
            (false, 0) => "",
            (false, _) => "; ",
        };
        pieces.push(ours(between));
        pieces.extend(item.into_iter().map(Piece::on_one_line));
    }
    pieces
}

pub(super) fn ours(text: impl Into<String>) -> Piece {
    Piece::Ours(text.into())
}

pub(super) fn theirs(text: &str) -> Piece {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((cut, _)) => {
            Piece::Theirs(format!("{}… (as in your request)", text.get(..cut).unwrap_or_default()))
        }
        None => Piece::Theirs(text.to_owned()),
    }
}

impl Values<'_> {
    pub(super) fn of(&self, place: &Place) -> Result<Value, Filler> {
        let one = |text: String| Ok(Value::Text(vec![Piece::Ours(text)]));
        match place {
            // What docket words itself it words in the policy's language.
            Place::Kind | Place::Missing | Place::Scope | Place::Refused | Place::HoldHistory
                if self.tongue.is_some() =>
            {
                Err(Filler::OwnLanguage)
            }
            Place::Case => one(self.case.id.to_string()),
            Place::Line(key) => self.line(key),
            Place::Each(key) => self.each(key).and_then(one),
            Place::Accounts => self.accounts(),
            Place::Received => one(self.day_of(self.case.received)),
            Place::Today => one(self.day_of(self.now)),
            Place::Kind => one(self.case.kind.clone()),
            Place::Reason => self.reason(),
            Place::Missing => match self.missing() {
                items if items.is_empty() => Err(Filler::NothingMissing),
                items => Ok(Value::List(items)),
            },
            Place::Scope => match self.scope(true) {
                items if items.is_empty() => Err(Filler::Scope),
                items => Ok(Value::List(items)),
            },
            Place::Refused => match self.refused() {
                // That nothing is refused is known, and is no gap.
                items if items.is_empty() => one("nothing".to_owned()),
                items => Ok(Value::List(items)),
            },
            Place::Records => self.records().and_then(|said| self.only_own(said)),
            Place::NotOurs => self.only_own(self.elsewhere().unwrap_or_default()),
            // A letter that went out before the hold was over is put on record later.
            Place::HoldUntil => self.kept(),
            Place::Due => self.due().map_or(Err(Filler::NoClock), |due| one(self.until(due))),
            Place::HoldHistory => self.hold_history().and_then(one),
            Place::ExtendedUntil => {
                self.extended().map_or(Err(Filler::Extension), |(until, _)| one(self.until(until)))
            }
            Place::ExtendedWhy => {
                let why = self.extended().ok_or(Filler::Extension)?.1;
                Ok(Value::Text(vec![theirs(&why)]))
            }
            Place::Counted(what) => {
                let span = self.policy.counted(what).ok_or(Filler::NoLength)?;
                one(span.said_in(self.tongue.unwrap_or_default()))
            }
            Place::Named(name) => self.sentence(name).and_then(one),
            Place::Broken => Err(Filler::Broken),
        }
    }

    /// A stock sentence, or the one of the same name with an end to it that is true instead.
    pub(super) fn said(&self, name: &str) -> String {
        let is_so = |end: &str| match end {
            // Where there is no notice any more nothing is waited for (rule 41).
            "at-once" => self.case.counters_what_is_gone(),
            "nobody" => self.tells_nobody(),
            "late" => self.is_late(),
            "refused" => !self.scope(false).is_empty(),
            "proven" => self.case.requester.is_some(),
            "visited" => self.case.visit.is_some(),
            "granted" => self.case.is_granted() && self.kind.may_disclose(self.case),
            "done" => self.case.is_granted() && !self.kind.may_disclose(self.case),
            "nothing" => self.case.upshot() == Some(Upshot::Nothing),
            "duplicate" => self.is_duplicate(),
            "on-hold" => self.keeps_records(),
            _ => self.was_given_out(),
        };
        let twins = ENDS.map(|end| (end, format!("{name}-{end}")));
        let is_there = |name: &String| !self.policy.said(name).is_empty();
        let mut twins = twins.into_iter().filter(|(end, twin)| is_there(twin) && is_so(end));
        let name = twins.next().map_or_else(|| name.to_owned(), |(_, twin)| twin);
        match self.tongue.map(|tongue| (tongue, self.policy.words(tongue))) {
            None => self.policy.said(&name),
            Some((tongue, words)) => {
                words.map(|words| words.said(&name, tongue, self.policy)).unwrap_or_default()
            }
        }
    }

    /// What is worded in the policy's own language, if anything is.
    fn only_own(&self, said: Vec<Piece>) -> Result<Value, Filler> {
        match self.tongue.is_some() && !said.is_empty() {
            true => Err(Filler::OwnLanguage),
            false => Ok(Value::Text(said)),
        }
    }

    /// Whether no user of ours can ever be told of it. Nobody learns from that whether one may be: that is the same for all who are
    /// ours (rule 65).
    fn tells_nobody(&self) -> bool {
        let mut subjects = self.case.subjects().peekable();
        let is_known = subjects.peek().is_some() || self.case.nobody.is_some();
        let may_be_ours = subjects.any(|subject| subject.ours)
            || (self.case.nobody.is_none() && self.case.unread_of_accounts().next().is_some());
        !self.kind.notify || (is_known && !may_be_ours)
    }

    /// Whether the time for the answer is over.
    fn is_late(&self) -> bool {
        let answers = |run: &Run<'_>| run.rule.is_some_and(|rule| rule.until.is_any(&[Stop::Answered]));
        runs(self.case, self.terms).iter().any(|run| answers(run) && run.clock.due < self.now)
    }

    /// Whether records went out because of it before it came to nothing.
    fn was_given_out(&self) -> bool {
        self.kind.may_disclose(self.case) && self.case.sent.iter().any(|sent| sent.letter == ANSWER)
    }

    /// Whether it is worked with another case, so that nothing of its own comes of it.
    fn is_duplicate(&self) -> bool {
        let what = self.case.outcome.as_ref().map(|outcome| &outcome.what);
        matches!(what, Some(Ending::Duplicate { .. }))
    }

    /// Whether records are kept because of it, by its own hold or by that of the case that it extends: everybody's of whom it speaks.
    fn keeps_records(&self) -> bool {
        let with = self.case.kept_with.as_ref().filter(|kept| kept.until > self.now);
        let covers_all = |kept: &KeptWith| self.case.subjects().all(|subject| kept.covers(&subject.account));
        with.is_some_and(covers_all) || self.case.hold.as_ref().is_some_and(Hold::runs)
    }

    /// Until when the records are kept; each day with whose, where it is not the same for all (rule 20) or some are not ours, of
    /// whom nothing is kept (rule 8).
    fn kept(&self) -> Result<Value, Filler> {
        let apart = self.case.kept_apart(self.now);
        if apart.len() > 1 && self.tongue.is_some() {
            return Err(Filler::OwnLanguage);
        }
        let is_apart = apart.len() > 1 || self.case.subjects().any(|subject| !subject.ours);
        let mut pieces = Vec::new();
        for (n, (until, accounts)) in apart.into_iter().enumerate() {
            let between = if n == 0 { "" } else { " and " };
            pieces.push(ours(format!("{between}{}", self.until(until))));
            let names: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
            if let Some(names) = named(&names).filter(|_| is_apart) {
                pieces.extend([ours(" ("), names, ours(")")]);
            }
        }
        if pieces.is_empty() { Err(Filler::Hold) } else { Ok(Value::Text(pieces)) }
    }

    /// When the next thing falls due.
    fn due(&self) -> Option<DateTime<Utc>> {
        let all = clocks(self.case, self.terms);
        // When we look again is no date for anybody else.
        all.iter().find(|clock| clock.name != IDLE).map(|clock| clock.due)
    }

    /// What became of the hold, once it is over: a letter must not say of an extended one that nobody asked for more.
    fn hold_history(&self) -> Result<String, Filler> {
        let hold = self.case.hold.as_ref().ok_or(Filler::Hold)?;
        let over = hold.over.as_ref().ok_or(Filler::HoldRuns)?;
        let extended = match hold.extended {
            0 => String::new(),
            1 => " was extended once".to_owned(),
            2 => " was extended twice".to_owned(),
            more => format!(" was extended {more} times"),
        };
        let extended = if extended.is_empty() { extended } else { format!("{extended},") };
        let ended = match over.how {
            HoldEnding::Expired => "ended",
            HoldEnding::Released => "was ended by us",
        };
        let (from, at) = (self.day_of(hold.from), self.day_of(over.at));
        Ok(format!("It began on {from},{extended} and {ended} on {at}."))
    }

    /// Until when, and why, the clock runs that was extended last.
    fn extended(&self) -> Option<(DateTime<Utc>, String)> {
        let runs = runs(self.case, self.terms);
        let last = |run: &Run<'_>| run.extensions.last().map(|more| more.at);
        let run = runs.iter().filter(|run| last(run).is_some()).max_by_key(|run| last(run))?;
        Some((run.promised, run.extensions.last()?.reason.clone()))
    }

    fn line(&self, key: &str) -> Result<Value, Filler> {
        let rule = self.kind.field(key);
        let key = rule.map_or(key, |rule| rule.key.as_str());
        let said: Vec<&str> = self
            .case
            .fields_of(key)
            .filter(|field| is_understood(field))
            .map(|field| field.value.trim())
            .filter(|value| !value.is_empty())
            .collect();
        match (said.as_slice(), rule) {
            ([], Some(_)) => Err(Filler::Line(key.to_owned())),
            ([], None) => Err(Filler::NoLine),
            // A line of ours is ours to word; what a request says is repeated as it came.
            ([value], Some(rule)) if rule.ours => Ok(Value::Text(self.with_day_written(value))),
            (values, _) => match values.join(", ") {
                // That it was cut is said in the policy's language.
                long if self.tongue.is_some() && long.chars().nth(LONGEST_VALUE).is_some() => {
                    Err(Filler::OwnLanguage)
                }
                all => Ok(Value::Text(vec![theirs(&all)])),
            },
        }
    }

    fn accounts(&self) -> Result<Value, Filler> {
        let all: Vec<&str> = self.case.subjects().map(|subject| subject.account.as_str()).collect();
        match named(&all) {
            Some(_) if self.tongue.is_some() && all.len() > MOST_ACCOUNTS => Err(Filler::OwnLanguage),
            Some(piece) => Ok(Value::Text(vec![piece])),
            None => {
                let mut rules = self.kind.fields.iter();
                let line = rules.find(|rule| rule.form == FieldForm::Accounts);
                Err(line.map_or(Filler::NoLine, |rule| Filler::Line(rule.key.clone())))
            }
        }
    }

    fn reason(&self) -> Result<Value, Filler> {
        let wording = self.wording.ok_or(Filler::Ending)?;
        let mut said = vec![ours(self.worded(&wording.text)?)];
        if let Some(words) = &wording.words {
            said.extend([ours(" "), theirs(words)]);
        }
        Ok(Value::Text(said))
    }

    /// Why it is refused, or sent elsewhere: as it was put on record, or the same in another language.
    fn worded(&self, own: &str) -> Result<String, Filler> {
        let Some(tongue) = self.tongue else { return Ok(own.to_owned()) };
        let words = self.policy.words(tongue).ok_or(Filler::OwnLanguage)?;
        let code = self.case.outcome.as_ref().and_then(|outcome| match &outcome.what {
            Ending::Refused { code } => Some(code.as_str()),
            _ => None,
        });
        let reason = code.and_then(|code| self.policy.reason(code)).filter(|reason| reason.text == own);
        let reason = reason.or_else(|| self.policy.reasons.iter().find(|reason| reason.text == own));
        let said = match reason {
            Some(reason) => words.reasons.get(&reason.code).cloned(),
            None => {
                let name = self.policy.texts.keys().find(|name| self.policy.said(name) == own);
                name.map(|name| words.said(name, tongue, self.policy)).filter(|text| !text.is_empty())
            }
        };
        said.ok_or(Filler::OwnLanguage)
    }

    /// What is missing, each with what to put there; then what did not read.
    fn missing(&self) -> Vec<Vec<Piece>> {
        let list = checklist(self.case, self.kind, self.policy);
        let line = |label: &str, rest: &str| ours(format!("{label}: {rest}"));
        let theirs_to_say = |key: &str| is_theirs(key, self.kind);
        let missing = list.missing.iter().chain(&list.wanted).filter(|rule| !rule.ours);
        let mut items: Vec<Vec<Piece>> = missing.map(|rule| vec![line(&rule.label, &rule.help)]).collect();
        let wanted = wants(self.case, self.kind, self.policy);
        // The order itself says what the line about it does not.
        let is_asked = |field: &Field| {
            theirs_to_say(&field.key) && !(field.is_about_secrecy() && wanted.contains(&Want::Order))
        };
        for (field, why) in list.unread.iter().filter(|(field, _)| is_asked(field)) {
            items.push(self.unclear(field, &field.value, why));
        }
        for (field, piece, why) in &list.pieces {
            items.push(self.unclear(field, piece, why));
        }
        let mut twice: Vec<&str> = Vec::new();
        if let Some((first, last)) = list.turned {
            let said = |field: &Field| theirs(&field.value);
            items.push(vec![
                self.label(first),
                ours(" ("),
                said(first),
                ours(") is later than "),
                self.label(last),
                ours(" ("),
                said(last),
                ours("); please say which days you mean"),
            ]);
        }
        for field in list.twice.iter().filter(|field| theirs_to_say(&field.key)) {
            if !twice.contains(&field.key.as_str()) {
                twice.push(&field.key);
                items
                    .push(vec![self.label(field), ours(": given more than once; please say which is right")]);
            }
        }
        let unclear = match self.kind.may_disclose(self.case) {
            true => not_understood(self.case, self.policy),
            false => Vec::new(),
        };
        for typed in unclear {
            items.push(vec![ours("“"), theirs(&typed), ours(format!("”: {}", self.not_understood()))]);
        }
        if wanted.contains(&Want::Instrument) {
            items.push(vec![ours("a complete copy of the order or authorisation that you rely on")]);
        }
        if wanted.contains(&Want::Order) {
            items.push(vec![ours("a complete copy of the order for secrecy that your request names")]);
        }
        if wanted.contains(&Want::Proof)
            && let Some(rule) = self.kind.field(PROOF_KEY)
        {
            items.push(vec![line(&rule.label, &rule.help)]);
        }
        items
    }

    fn unclear(&self, field: &Field, said: &str, why: &str) -> Vec<Piece> {
        vec![
            self.label(field),
            ours(": we could not read “"),
            theirs(said),
            ours("” ("),
            theirs(why),
            ours(")"),
        ]
    }

    fn label(&self, field: &Field) -> Piece {
        match self.kind.field(&field.key) {
            Some(rule) => ours(rule.label.clone()),
            None => theirs(&field.label),
        }
    }

    fn day_of(&self, at: DateTime<Utc>) -> String {
        self.written(at.with_timezone(&self.terms.zone_under(self.policy)).date_naive())
    }

    /// A day alone where all of it counts; else the time too.
    fn until(&self, at: DateTime<Utc>) -> String {
        let there = at.with_timezone(&self.terms.zone_under(self.policy));
        let last = NaiveTime::from_hms_opt(23, 59, 59);
        let day = self.written(there.date_naive());
        if Some(there.time().with_nanosecond(0).unwrap_or_default()) == last {
            day
        } else {
            format!("{day}, {}", there.format("%H:%M %Z"))
        }
    }

    fn written(&self, day: NaiveDate) -> String {
        day_in(day, self.tongue.unwrap_or_default())
    }

    /// A text with the day that it begins with, if it does, written as letters write days: `2026-11-20 10:30` is
    /// `Friday 20 November 2026, 10:30`.
    fn with_day_written(&self, text: &str) -> Vec<Piece> {
        let Some((day, rest)) = day_first(text) else { return vec![theirs(text)] };
        let rest = rest.trim_start_matches([',', ' ']);
        match rest.is_empty() {
            true => vec![ours(self.written(day))],
            false => vec![ours(format!("{}, ", self.written(day))), theirs(rest)],
        }
    }
}

pub(super) fn named(accounts: &[&str]) -> Option<Piece> {
    let more = accounts.len().saturating_sub(MOST_ACCOUNTS);
    let shown: Vec<&str> = accounts.iter().take(MOST_ACCOUNTS).copied().collect();
    if shown.is_empty() {
        return None;
    }
    let more = if more > 0 { format!(" and {more} more that the request names") } else { String::new() };
    Some(Piece::Theirs(format!("{}{more}", shown.join(", "))))
}

pub(super) fn is_understood(field: &Field) -> bool {
    match field.reading {
        Reading::Unread { .. } | Reading::Claimed => false,
        Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. } => true,
    }
}
