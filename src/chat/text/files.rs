//! Why a file that was posted is not taken, with the way out.

use crate::case::Terms;
use crate::chat::page::{Line, Page};
use crate::chat::{NoText, NotTaken};
use crate::files::LARGEST;

/// The answer to a command that takes a file which is not taken.
pub fn not_taken(why: NotTaken) -> Page {
    Page::of(match why {
        NotTaken::Clear => Line::ours(
            "Not done: that file lies unencrypted on the homeserver, so nobody can say that it is still the one that was \
             posted. Post it again from a client that encrypts files, then answer that message.",
        ),
        NotTaken::Stranger => Line::ours(
            "Not done: whoever posted that file is not listed here. Look at it, and if it is what you want, post it yourself \
             and answer that message.",
        ),
        NotTaken::TooLarge => Line::ours(format!(
            "Not done: that file is larger than {}. Keep it elsewhere, and put on record where it lies and its SHA-256.",
            super::size(LARGEST)
        )),
        NotTaken::Gone => Line::ours(
            "Not done: the homeserver has that file no more. Please post it again, then answer that message.",
        ),
        NotTaken::Away => Line::ours(
            "Not done: the homeserver does not give that file out at the moment. Nothing was kept; please try it again in a \
             few minutes.",
        ),
        NotTaken::Broken => Line::ours(
            "Not done: what the homeserver gives out is not the file that was posted. Please post it again, and tell your \
             administrator if that does not help.",
        ),
        NotTaken::Full => Line::ours(
            "Not done: docket’s disk is full, so the file was not kept. Please call your administrator, and try it again then.",
        ),
        NotTaken::Unkept => Line::ours(
            "Not done: docket could not keep that file. Nothing was attached; please try it again, and call your administrator \
             if it fails again.",
        ),
    })
}

/// The answer to a command that opens a case from a file which says nothing that can be read.
pub fn file_unread(why: NoText, terms: &Terms) -> Page {
    let line = match why {
        NoText::NotText => Line::ours(
            "Not done: that file is no text and no mail (.eml), and docket opens no others. Paste what it says below ",
        ),
        NoText::Broken => Line::ours("Not done: that mail could not be read. Paste what it says below "),
        NoText::TooLong => Line::ours("Not done: that text is too long. Paste what matters below "),
        NoText::Empty => Line::ours("Not done: there is no text in that file. Type what it is about below "),
    };
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let line = line.code(command("new <kind>"));
    Page::of(
        line.say(", then put the file on the case in reply to it: ").code(command("attach 42 as=request")),
    )
}
