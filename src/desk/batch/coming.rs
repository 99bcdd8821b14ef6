//! Which messages will have to be fetched, told before their turn, so that the homeserver is asked for them in time. It is a guess by how
//! things stand now: when a message is handed in, it is judged by how they stand then.

use super::Batch;
use crate::case::{Account, CaseId};
use crate::chat::{self, Asked, Asking};
use crate::desk::{Coming, DeskFault, Outcome};

impl Batch<'_> {
    pub(super) fn coming(&mut self, coming: Vec<Coming>) -> Result<Outcome, DeskFault> {
        let mut fetched = Vec::new();
        for Coming { id, sender, text } in coming {
            let Some(heard) = chat::hear(&text, &self.desk.terms) else { continue };
            let is_listed = self.desk.terms.person(&sender).is_some();
            // Behind a start most of it was handled before.
            if is_listed
                && self.would_change(&heard, &sender, None)
                && !self.desk.seen(self.desk.stamp(&id))?
            {
                fetched.push(id);
            }
        }
        Ok(Outcome::Coming(fetched))
    }

    /// Whether it asks for more than to be shown something, whoever may do that.
    pub(super) fn would_change(&self, heard: &chat::Meant, sender: &Account, about: Option<CaseId>) -> bool {
        let asking = Asking { sender, about, terms: &self.desk.terms, now: self.now };
        // What is refused is stamped as it was fetched: it must not be carried out later under another id.
        heard.understand(&asking).is_ok_and(|asked| !matches!(asked, Asked::Read(_)))
    }
}
