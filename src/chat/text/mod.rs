//! Every sentence that docket says in the room.

mod acts;
mod alone;
mod answering;
mod asking;
mod bars;
mod calling;
mod clocks;
mod desk_happened;
mod desk_proposed;
mod duplicates;
mod entries;
mod entry_refusals;
mod files;
mod frozen;
mod happened;
mod held;
mod holding;
mod identities;
mod letters;
mod machine;
mod morning;
mod notices;
mod reasons;
mod refusals;
mod reports;
mod restraints;
mod retention;
mod room;
mod room_watch;
mod said;
mod scoping;
mod sealed;
mod second_request;
mod secrecy;
mod slips;
mod unread;
mod visits;
mod ways;
mod who_asks;

pub use acts::act;
pub use alone::{to_be_reviewed, went_alone};
pub use answering::{reason_gone, to_tell_first, untold_before_answer};
pub use asking::*;
pub use bars::{awaited, barred, hushed, in_the_way, not_about};
pub use calling::{called_at_once, called_now};
pub use clocks::{
    back_all_the_same, clock, clock_whole, goes_back, kept_down, later, may_counter_too, no_notice_on_file,
    promised, promised_back, promised_too_late, put_back_now, received_unclear, still, too_soon, untold,
};
pub use desk_happened::desk_happened;
pub use desk_proposed::{desk_act, desk_waiting};
use duplicates::brought_back;
pub use duplicates::{come_back, left_unread, would_come_back};
pub use entries::{additions, entry};
pub use files::{file_unread, not_taken};
pub use frozen::{resumed_on_host, too_few};
pub use happened::source;
pub use happened::{adopts_another, happened, money, void};
pub use held::{held, held_in_short, out_of_hold, why_held};
use holding::held_by_other;
pub use holding::{keeps_nothing_of, let_go, longer};
pub use identities::{identity_seen, trusted, unproven};
pub use machine::{doubt_in_short, machine_clock};
pub use morning::handover;
pub use notices::{
    answered_there, copy_name, copy_text, data_name, enclosed_shown, in_tongue, lang, proof, read_the_copy,
    stepped, to_user, verify_first, why_unreached,
};
use notices::{on_its_way, unreached};
pub use refusals::{ended, refusal};
pub use reports::*;
pub use restraints::{owed, unsent};
pub use retention::*;
pub use room::{alone_greeting, answer_waits, could_not_be_sent, greeting, moved, whole_in_file};
pub use room_watch::{misconfigured, watched, while_strangers_are_there};
pub use said::*;
pub use scoping::{going, in_brief, line_of_scope, unidentified, unsure};
pub use sealed::{ask_about_it, kept_unshown, not_allowed, sealed_now, taken_over};
pub use second_request::{REQUEST_KEY, second_requests};
pub use secrecy::{
    findings_ended, forbidden, order_named, record_order, secrecy_over, secrecy_over_in_short,
};
pub use slips::slip;
pub use unread::{caught_up, read_too_late, span_unread, unread_given_up, unreadable};
use visits::{asked_by, letter_stopped};
pub use visits::{took_back_late, visitor};
pub use ways::{barred_here, bound_letter, deed, secrecy_to_come, tells_user, way_to_tell, way_to_tell_here};
pub use who_asks::{
    against, beside, caution, caution_in_short, clash, clashes, contradicted, denied, erased_in_part, frozen,
    if_theirs_after_all, in_short, is_verified, like, named_aside, no_longer_listed, unconfirmed, warned,
    warnings,
};
