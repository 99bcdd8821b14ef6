//! What a letter says of the records that are asked for: what is given out, and what is not, with why (rules 6, 8, 37 and 53).
//! Does not decide it.

use chrono::{DateTime, Utc};

use super::values::{Values, list, named, ours, theirs};
use super::{Filler, Piece};
use crate::case::checklist;
use crate::case::scope::{Verdict, scope};
use crate::case::{Ending, Extent, Tongue, day_in};

impl Values<'_> {
    /// What is asked for, line by line, as far as it is within the scope or not; what nobody has decided is neither.
    pub(super) fn scope(&self, within: bool) -> Vec<Vec<Piece>> {
        let lines = scope(self.case, self.policy, self.of_answer(), self.terms.zone_under(self.policy));
        // Where something was done besides, the answer waits for nobody's decision about records.
        let is_answered = self.kind.takes_down && self.case.outcome.is_some();
        let is_decided = |verdict: &Verdict| !verdict.is_pending() || is_answered;
        // What is partly gone stands in both (rules 37 and 53).
        let is_of_it =
            |verdict: &Verdict| verdict.is_open() == within || (!within && verdict.there_from().is_some());
        let of_it = lines.iter().filter(|line| is_decided(&line.verdict) && is_of_it(&line.verdict));
        let item = of_it.map(|line| {
            let title =
                line.category.map_or_else(|| theirs(&line.typed), |category| ours(category.title.clone()));
            let why = match &line.verdict {
                Verdict::Refused { reason: Some(reason), .. } => Some(theirs(reason)),
                // A policy of before has no sentence for it, and it is said all the same.
                Verdict::PartlyGone { before } => {
                    let said = line.verdict.stock_text(line.category, self.policy);
                    Some(ours(
                        said.unwrap_or_else(|| format!("deleted before {}", day_in(*before, Tongue::En))),
                    ))
                }
                // Nobody reads that we hold none of what nobody understood.
                Verdict::Unknown => Some(ours(self.not_understood())),
                verdict => verdict.stock_text(line.category, self.policy).map(ours),
            };
            match why.filter(|_| !within) {
                Some(why) => vec![title, ours(": "), why],
                None => match line.verdict.there_from() {
                    Some(first) => vec![title, ours(format!(", from {} on", day_in(first, Tongue::En)))],
                    None => vec![title],
                },
            }
        });
        item.collect()
    }

    /// What becomes of records that are asked for besides what is done; nothing where none are. Where the answer is that there is
    /// nothing, it is what was refused.
    pub(super) fn records(&self) -> Result<Vec<Piece>, Filler> {
        let ending = self.case.outcome.as_ref().map(|outcome| &outcome.what);
        let gives = !matches!(ending, Some(Ending::Answered { extent: Extent::None }));
        let mut pieces = Vec::new();
        for (name, within) in [("records-given", true), ("records-not-given", false)] {
            let items = if within && !gives { Vec::new() } else { self.scope(within) };
            if !items.is_empty() {
                let between = if pieces.is_empty() { "" } else { "\n\n" };
                pieces.push(ours(format!("{between}{}\n\n", self.sentence(name)?)));
                pieces.extend(list(items, true));
            }
        }
        Ok(pieces)
    }

    /// That nobody here can tell what is meant; a policy of before has no sentence for it.
    pub(super) fn not_understood(&self) -> String {
        match self.policy.text("not-understood") {
            "" => {
                "we could not tell which records are meant by this; please say it in other words".to_owned()
            }
            text => text.to_owned(),
        }
    }

    /// The time of which an answer speaks: what goes afterwards was in it.
    fn of_answer(&self) -> DateTime<Utc> {
        self.case.outcome.as_ref().map_or(self.now, |outcome| outcome.at.min(self.now))
    }

    /// Lines of the scope, and the accounts that are not ours (rule 8).
    pub(super) fn refused(&self) -> Vec<Vec<Piece>> {
        self.scope(false).into_iter().chain(self.elsewhere()).collect()
    }

    /// The accounts that are not ours, with the sentence about them; nothing where all are (rule 8).
    pub(super) fn elsewhere(&self) -> Option<Vec<Piece>> {
        let list = checklist(self.case, self.kind, self.policy);
        let foreign: Vec<&str> = list.foreign.iter().map(|account| account.as_str()).collect();
        let accounts = named(&foreign).filter(|_| self.kind.own_accounts)?;
        let why = match self.policy.text("elsewhere") {
            "" => "not on a server that we run".to_owned(),
            text => text.to_owned(),
        };
        Some(vec![accounts, ours(": "), ours(why)])
    }
}
