//! A command that takes the file which it answers: what is still to be done with that, and why it is not taken.

use super::Batch;
use super::recognised::Marks;
use crate::case::CaseId;
use crate::chat::{self, Meant, NotTaken};
use crate::desk::{Got, Message, Outcome, PostedFile};

impl Batch<'_> {
    /// What a command that opens a case means together with the file that it answers; what comes of it instead, if that is not
    /// read yet or cannot be.
    pub(super) fn with_file(
        &mut self,
        message: &Message,
        stamp: Marks,
        heard: Meant,
        posted: PostedFile,
    ) -> Result<Meant, Outcome> {
        match &posted.got {
            Got::Text(text) => match chat::with_file(&message.text, text, &self.desk.terms) {
                Ok(together) => Ok(together.unwrap_or(heard)),
                Err(why) => {
                    self.draft_stamp(stamp);
                    Err(self.reply(message, None, chat::text::file_unread(why, &self.desk.terms)))
                }
            },
            Got::Not(why) => Err(self.not_taken(message, stamp, *why, None)),
            Got::NotYet | Got::Kept(..) => Err(match posted.unfit(self.desk) {
                None => Outcome::ReadFile,
                Some(why) => self.not_taken(message, stamp, why, None),
            }),
        }
    }

    /// A file that is not taken: said, and remembered as handled, so that it is not taken after all if the message comes again.
    pub(super) fn not_taken(
        &mut self,
        message: &Message,
        stamp: Marks,
        why: NotTaken,
        case: Option<CaseId>,
    ) -> Outcome {
        self.draft_stamp(stamp);
        self.reply(message, case, chat::text::not_taken(why))
    }
}
