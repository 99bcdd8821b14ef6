//! One version of the operator's policy: everything that is a matter of law or of choice. Data only.
//!
//! `policy` reads it from YAML. It is kept in the journal as JSON, so that a case can go on under the version that it was
//! opened under: every field added later needs a serde default.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Calendar, Case, ClockRule, Condition, Instrument, Kind, Span, Term, Translation};
use crate::case::calendar::zone_name;
use crate::case::letter::{DROPPED, FAKE, UNCONFIRMED, said_of_a_part};
use crate::case::{Ending, Extent, Flag, Refusal, Tongue, country_name};

/// One version of the operator's policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Its name and a sum of what it says, which a case is pinned to.
    pub version: String,
    /// The kinds, in the order in which they are listed.
    pub kinds: Vec<Kind>,
    /// The reasons for which a request can be refused.
    pub reasons: Vec<Reason>,
    /// The inventory: what data there is, and for how long (rules 37, 53, 54).
    pub categories: Vec<Category>,
    /// The instruments that are known, with what each opens (rules 1, 2, 6, 60).
    pub instruments: Vec<Instrument>,
    /// Countries whose authorities may ask directly, as two letters; empty = every country (rule 2).
    pub accepts: Vec<String>,
    /// Names of countries, in small letters, each with its two letters.
    pub countries: BTreeMap<String, String>,
    /// The clocks.
    pub clocks: Vec<ClockRule>,
    /// Holiday lists by name.
    pub calendars: BTreeMap<String, Calendar>,
    /// The list that is used where a clock names none.
    pub calendar: Option<String>,
    /// The zone in which the days of its cases begin and end; the desk's own if it says none.
    #[serde(default, with = "zone_name", skip_serializing_if = "Option::is_none")]
    pub zone: Option<Tz>,
    /// How long records are preserved.
    pub hold: HoldTerms,
    /// What is asked of an order that binds to silence.
    pub gag: GagTerms,
    /// When and whether users are told.
    pub notice: NoticeTerms,
    /// What takes two people, besides what always does.
    pub two_people: TwoPeople,
    /// The letters.
    pub letters: Vec<Letter>,
    /// Stock sentences by name, such as `encrypted`, `elsewhere`, `mlat`, `security`.
    pub texts: BTreeMap<String, String>,
    /// How long a closed case is kept.
    pub keep: Span,
    /// How the transparency report is made.
    pub report: ReportTerms,
    /// How long nothing may happen before somebody is asked to look; policies of before say nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<IdleTerms>,
    /// How requests say that there is no instrument, or none yet.
    #[serde(default)]
    pub absent: Absent,
    /// What users can ask docket for by themselves; nothing where a policy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits: Option<VisitTerms>,
    /// The language of its own words, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Tongue>,
    /// What it says in languages besides its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<Tongue, Translation>,
}

/// On which terms users of our servers ask docket for something in a room of their own (rules 42 to 48).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitTerms {
    /// How many requests one user can make in a day.
    pub requests_a_day: u32,
    /// How many all of them together can.
    pub in_all: u32,
    /// The rights for which their own signed session is not proof enough of who they are (rule 43).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_proof: Vec<String>,
    /// Whether that a request came in is acknowledged by docket itself.
    pub acknowledges: bool,
    /// How long after it came in the outcome of an erasure leaves at the earliest: the same for everybody (rule 65).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure_after: Option<Span>,
}

/// Words on the line about the instrument that say that it is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    /// The whole line, where there is none at all: `none`, `n/a`.
    pub none: Vec<String>,
    /// Words anywhere in the line, where there is none yet: `to follow`, `draft`.
    pub not_yet: Vec<String>,
}

/// A reason for refusing a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code that is typed.
    pub code: String,
    /// What it says to the requester.
    pub text: String,
    /// The legal ground, for the record.
    pub ground: Option<String>,
    /// Whether the moderator must add words of their own.
    pub needs_words: bool,
    /// Whether it says that something was weighed, which is then done first, on its lines, and by two people (rule 46).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weighs: bool,
    /// Whether it says that nobody could verify the requester, so that it is false of one who is verified (rule 61).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub while_unverified: bool,
    /// Whether it says that something is missing, so that it is false of a request that is complete (rules 7, 17, 22).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub while_incomplete: bool,
    /// The kinds whose requests it can be said of; every kind if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Whether it says that the accounts are on no server of ours, so that it is false where one is (rule 8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_ours: bool,
    /// What it says of the request besides, so that it is false where docket can see that it is not so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Claim>,
    /// The requests that it can be said of; all must hold as far as anybody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<Condition>,
}

/// What a reason for refusing can say of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Its authorities may not ask directly (rules 2 and 3).
    Abroad,
    /// What it asks for is encrypted (rule 10).
    Encrypted,
    /// There is nothing of what it asks for (rule 37).
    Nothing,
    /// No order gives it what it asks for (rules 1 and 11).
    NoOrder,
}

impl Reason {
    /// Whether a request of this kind can be refused with it.
    pub fn is_for(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|of| of == kind)
    }
}

/// A category of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its name, as typed.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
    /// Other words for it, in small letters.
    pub aliases: Vec<String>,
    /// Whether it is content, which asks for a stronger instrument (rule 6).
    pub content: bool,
    /// What is held of it, and for how long.
    pub held: Held,
    /// What it is for, which users are told who ask what is held about them and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What is held of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Nothing: "no responsive records" (rule 37).
    Never,
    /// The operator cannot see it, for it is end-to-end encrypted (rule 10).
    Encrypted,
    /// For so long after it came to be; what is older is gone (rule 53).
    For(Span),
    /// As long as the account is there, or longer.
    Kept,
}

/// How long records are preserved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldTerms {
    /// The term of a hold (rule 19).
    pub term: Term,
    /// By how much one is extended.
    pub extend: Term,
    /// How often; `None` is as often as it is asked for.
    pub times: Option<u32>,
    /// Whether an extension wants a new request on file (rule 20).
    pub extend_wants_request: bool,
    /// Terms that go with an instrument instead, by its name.
    pub by_instrument: BTreeMap<String, (Term, Term)>,
    /// How often where that depends on the instrument, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub times_by_instrument: BTreeMap<String, u32>,
    /// Terms of a case that has a flag; they come before all others (rule 66).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_flag: BTreeMap<Flag, (Term, Term)>,
}

/// What is asked of an order that binds to silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GagTerms {
    /// How often one without an end is asked after (rule 29).
    pub ask_every: Span,
    /// Whether one can only be recorded with its document on file.
    pub wants_document: bool,
    /// What goes with an instrument instead, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_instrument: BTreeMap<String, GagOfInstrument>,
    /// How requests name one, in whichever line (rules 26, 60).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named_by: Vec<String>,
    /// What names one besides on the line about secrecy, where less says it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said_by: Vec<String>,
}

/// What is asked of the gag of a case that rests on one instrument; what this does not say is as with any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GagOfInstrument {
    /// How often one without an end is asked after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_every: Option<Span>,
    /// Whether one can only be recorded with its document on file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants_document: Option<bool>,
}

/// When and whether users are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeTerms {
    /// Before or after what is asked for is disclosed (rule 28).
    pub when: When,
    /// What a bare letter means where the kind needs no instrument (rule 60).
    pub letter: Tell,
    /// How long a requester who asks for secrecy without an order has to serve one (rule 16).
    pub serve_within: Span,
    /// Within what time they are told that it takes one; a policy that does not say gives as long as they have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_order_within: Option<Span>,
    /// After how long people are asked about a user who was invited to read a notice and does not come; never where a policy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_after: Option<Span>,
    /// Whether users of other servers may be told too, where somebody says so of one. It is owed to nobody but our own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_servers: bool,
    /// Why a notice may be withheld (rule 30).
    pub exceptions: Vec<Exception>,
}

/// Before or after the disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// Before.
    Before,
    /// After.
    After,
}

/// Whether the user may be told, if nothing else is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tell {
    /// They are told.
    Tell,
    /// They are not, until permission is on file (rule 60).
    Withhold,
}

/// Why a notice may be withheld although nothing forbids it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The code that is typed.
    pub code: String,
    /// What it says.
    pub text: String,
    /// After how long it must be looked at again.
    pub review: Span,
}

/// What takes two people, besides what always does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPeople {
    /// Further commands by verb, such as `hold-extend`, `refuse`.
    pub acts: Vec<String>,
    /// Commands whose second person must have the role counsel, by verb.
    pub counsel: Vec<String>,
    /// How long a proposal waits for its second person.
    pub valid_for: Span,
    /// Whether one approver may go ahead alone in an emergency, which is reviewed afterwards.
    pub break_glass: bool,
}

/// A letter that a person sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its name, as typed: `ack`, `ask`, `refuse`, `redirect`, `answer`, `neither`, `forward`.
    pub name: String,
    /// The kinds it is for; empty = every kind. A letter for the kind comes before one for all.
    pub kinds: Vec<String>,
    /// What it is, in a few words.
    pub title: String,
    /// Its text, with placeholders in braces.
    pub text: String,
    /// The flag without which there is no such letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// Its text where the request is answered in part, or where a part of what it was about stays inaccessible though nothing came of
    /// it, if it would promise too much otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_part: Option<String>,
    /// Whether it says that records, or what was removed, are kept: it is true only where a hold was started (rule 24).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps: bool,
    /// Whether it goes with records, as a declaration about them does: nobody gets it before they were granted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_records: bool,
}

impl Letter {
    /// Each text that it may have.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.in_part.as_deref())
    }

    /// Its text for what came of a case.
    pub fn text_for(&self, case: &Case) -> &str {
        self.half(self.is_in_part(case))
    }

    /// Its text, or that in part.
    pub fn half(&self, is_in_part: bool) -> &str {
        self.in_part.as_deref().filter(|_| is_in_part).unwrap_or(&self.text)
    }

    /// Whether its text in part is for what came of a case. That something is not granted is said by that once it is on record; where
    /// nobody says what, both say the same, or that something is kept would be betrayed (rule 65).
    pub fn is_in_part(&self, case: &Case) -> bool {
        let what = case.outcome.as_ref().map(|outcome| &outcome.what);
        let is_granted_in_part = matches!(what, Some(Ending::Answered { extent: Extent::Part }))
            && said_of_a_part(self).iter().all(|key| case.has_done(key));
        // Of what nothing came of, a part may stay down for another case (rule 41).
        match [DROPPED, FAKE, UNCONFIRMED].contains(&self.name.as_str()) {
            true => case.kept_down.is_any(),
            false => is_granted_in_part,
        }
    }

    /// Whether the case has the flag that the letter is for, if it is for one.
    pub fn is_for(&self, case: &Case) -> bool {
        self.flag.is_none_or(|flag| case.flags.contains(&flag))
    }
}

/// How long nothing may happen on an open case on which nothing else is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleTerms {
    /// Where it is ours to do something.
    pub after: Span,
    /// Where the requester was asked for something.
    pub waiting: Span,
}

/// How the transparency report is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTerms {
    /// Cells below this number are shown as `<number`.
    pub few: u32,
    /// Whether cases under a gag are counted in the sum of all, without kind or country, before the gag has ended.
    pub gagged_in_sum: bool,
}

impl Policy {
    /// The kind with this name or alias, however its words are joined: `Counter notice` is `counter-notice`.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        // Cases name their kind as the policy does, and it is asked for again and again.
        self.kinds.iter().find(|kind| kind.name == name).or_else(|| {
            let name = Kind::name_of(name)?;
            self.kinds.iter().find(|kind| kind.has_name(&name))
        })
    }

    /// The reason with this code, case-blind.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        self.reasons.iter().find(|reason| reason.code.eq_ignore_ascii_case(code))
    }

    /// That there is none with this code, and which there are for the kind.
    pub fn no_such_reason(&self, typed: &str, kind: &str) -> Refusal {
        let known = self.reasons.iter().filter(|reason| reason.is_for(kind));
        let known = known.map(|reason| reason.code.clone()).collect();
        Refusal::NoSuchReason { typed: typed.to_owned(), known }
    }

    /// The letter of this name for a kind.
    pub fn letter(&self, name: &str, kind: &str) -> Option<&Letter> {
        let named = || self.letters.iter().filter(|letter| letter.name == name);
        named()
            .find(|letter| letter.kinds.iter().any(|of| of == kind))
            .or_else(|| named().find(|letter| letter.kinds.is_empty()))
    }

    /// The letters there are for a kind, each name once, in the policy's order.
    pub fn letters_for(&self, kind: &str) -> impl Iterator<Item = &Letter> {
        let mut names: Vec<&str> = Vec::new();
        for letter in &self.letters {
            if !names.contains(&letter.name.as_str()) {
                names.push(&letter.name);
            }
        }
        names.into_iter().filter_map(|name| self.letter(name, kind))
    }

    /// A stock sentence; empty if the policy has none of this name.
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// Likewise, with the countries that are accepted put in, and the lengths of time that are counted: what a letter says of
    /// them must be what the policy does.
    pub fn said(&self, name: &str) -> String {
        self.with_counted(self.text(name), |span| span.to_string()).replace("{accepted}", &self.accepted())
    }

    /// Whose authorities may ask directly, within a sentence.
    fn accepted(&self) -> String {
        let mut names: Vec<&str> =
            self.accepts.iter().map(|code| country_name(code).unwrap_or(code)).collect();
        names.sort_by_key(|name| name.trim_start_matches("the "));
        match names.as_slice() {
            [] => "every country".to_owned(),
            [only] => (*only).to_owned(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}
