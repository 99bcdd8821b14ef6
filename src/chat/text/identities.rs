//! What docket says of people's identities. A fingerprint that somebody has yet to read out is never shown: what is to be
//! compared must not be copied.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::{Account, Flaw, StandingEvent, Terms, Vouched};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// What the room hears of an identity or a device, if it does.
pub fn identity_seen(event: &StandingEvent, terms: &Terms) -> Option<Page> {
    match event {
        StandingEvent::Pinned { account, vouched: Vouched::FirstSight, .. } => Some(
            Page::of(
                Line::new()
                    .theirs(account.as_str())
                    .say(" is here for the first time: they can read and work cases. To approve and to administer, somebody must vouch for them."),
            )
            .line(way_to_vouch(account, terms)),
        ),
        StandingEvent::Pinned { account, vouched: Vouched::Host, .. } => Some(
            Page::of(Line::ours("On the host somebody vouched for the identity of ").theirs(account.as_str()).say(
                ", with docket trust. If none of you knows of it, somebody has your host. Please call whoever runs it.",
            )),
        ),
        StandingEvent::Pinned { account, vouched: Vouched::Compared, .. } => Some(
            Page::of(Line::ours("On the host somebody compared emojis with ").theirs(account.as_str()).say(
                ", and vouched for their identity. If they know nothing of it, somebody has your host. Please call whoever runs it.",
            )),
        ),
        StandingEvent::IdentityChanged { account, .. } => Some(
            Page::of(
                Line::new()
                    .theirs(account.as_str())
                    .say(" has another identity than before and is cut off: nothing they send is carried out, and they can read nothing new. Ask them by another way whether they reset it."),
            )
            .line(way_to_vouch(account, terms)),
        ),
        StandingEvent::DeviceSeen { account, device, .. } => Some(
            Page::of(
                Line::new()
                    .theirs(account.as_str())
                    .say(" has a new device, ")
                    .theirs(device.split(' ').next().unwrap_or_default())
                    .say(". What takes two people waits for a day when it comes from there. If it is not theirs: ")
                    .code(format!("{} freeze {account}", terms.prefix())),
            ),
        ),
        StandingEvent::Pinned { .. }
        | StandingEvent::PolicyTaken { .. }
        | StandingEvent::PolicyFollowed { .. }
        | StandingEvent::ReportFrozen { .. }
        | StandingEvent::AgencyAdded { .. }
        | StandingEvent::PartsAdded { .. }
        | StandingEvent::PartsRemoved { .. }
        | StandingEvent::Frozen { .. }
        | StandingEvent::Thawed { .. }
        | StandingEvent::Proposed { .. }
        | StandingEvent::Denied { .. }
        | StandingEvent::Voided { .. }
        | StandingEvent::RoomEntered { .. }
        | StandingEvent::CardsMoved
        | StandingEvent::WrongCode { .. }
        | StandingEvent::CarriedOut { .. }
        | StandingEvent::Held(_)
        | StandingEvent::Watch(_) => None,
    }
}

/// How somebody comes to be vouched for.
fn way_to_vouch(account: &Account, terms: &Terms) -> Line {
    Line::ours("An administrator hears them read out their fingerprint, and types ")
        .theirs(&format!("{} trust {account} FINGERPRINT", terms.prefix()))
}

/// The answer to whoever vouched for somebody.
pub fn trusted(account: &Account) -> Line {
    Line::new().theirs(account.as_str()).say(" is vouched for: their roles count in full from now on.")
}

/// When a new device counts in full.
pub fn new_device(until: DateTime<Utc>, zone: Tz) -> Line {
    Line::ours(format!(
        "Not allowed: this device is new, and what takes two people waits for a day when it comes from a new one, until {}. Use a \
         device of yours that was here before.",
        dates::moment(until, zone)
    ))
}

/// Why a message of somebody does not count, and what to do about it.
pub fn unproven(sender: &Account, flaw: Flaw) -> Page {
    let line = Line::ours("Not allowed: a message of ").theirs(sender.as_str());
    Page::of(match flaw {
        Flaw::Clear => line.say(
            " came unencrypted, so anybody on the way could have written it. Send it again, from a client that encrypts.",
        ),
        Flaw::UnsignedDevice => line.say(
            " came from a device that they have not verified. Verify it with another device of yours, then send it again.",
        ),
        Flaw::UnknownDevice => line.say(
            " came from a device that docket cannot tell is theirs. Log in anew on it and verify it, then send it again.",
        ),
        Flaw::OtherSender => line.say(
            " was encrypted by somebody else. Whoever runs the homeserver should know of it; send yours again.",
        ),
        Flaw::ChangedIdentity => line.say(
            " comes from another identity than the one that docket knows. If you reset yours, read its fingerprint out to an administrator.",
        ),
        Flaw::KeyWithheld => line.say(
            " cannot be read: their client keeps its key from docket. Verify docket in that client, or let it send to devices that are not \
             verified; then send it again.",
        ),
        Flaw::NoKey => line.say(" cannot be read: its key did not come. Send it again."),
        Flaw::Broken => line.say(" does not read, though its key is there. Send it again."),
    })
}
