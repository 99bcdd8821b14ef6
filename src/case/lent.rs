//! That a case is with somebody for a time only, and whose it is after that: whoever has it so may hand it on for a time
//! themselves, and those before them get it back all the same.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Account;

/// That a case is with somebody for a time only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    /// Who gets it back.
    pub from: Account,
    /// When.
    pub until: DateTime<Utc>,
    /// How they have it themselves, if that is for a time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<Box<Lent>>,
}

impl Lent {
    /// How a case is lent, however it was before, once it is handed over from one to another. Whoever gets it back for good has it
    /// as they had it; whoever gets it for good from somebody who had it for a time has it for that time.
    pub fn handed(
        was: Option<Lent>,
        from: &Account,
        to: &Account,
        until: Option<DateTime<Utc>>,
    ) -> Option<Lent> {
        if let Some(until) = until {
            return Some(Lent { from: from.clone(), until, under: was.map(Box::new) });
        }
        let is_theirs = |lent: &&Lent| lent.from == *to;
        let theirs = was.iter().flat_map(Lent::chain).find(is_theirs).map(|theirs| theirs.under.clone());
        match theirs {
            Some(under) => under.map(|under| *under),
            None => was,
        }
    }

    /// This, then how each one before had it.
    pub fn chain(&self) -> impl Iterator<Item = &Lent> {
        std::iter::successors(Some(self), |lent| lent.under.as_deref())
    }

    /// When it goes back next. Nobody lends for longer than they have it: whoever is owed it first gets it.
    pub fn ends(&self) -> DateTime<Utc> {
        self.chain().map(|lent| lent.until).min().unwrap_or(self.until)
    }

    /// What is over by a moment: the one of them that reaches back furthest.
    pub fn over(&self, now: DateTime<Utc>) -> Option<&Lent> {
        self.chain().filter(|lent| lent.until <= now).last()
    }

    /// What ends next, as [`Lent::ends`] says.
    pub fn nearest(&self) -> &Lent {
        self.over(self.ends()).unwrap_or(self)
    }
}
