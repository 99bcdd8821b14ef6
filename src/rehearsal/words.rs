//! What the rehearsal says of itself.

/// The first screen: what this is, and six lines that teach.
pub(super) const FIRST: &str = "\
docket try: the whole desk in this terminal; nothing leaves it. You are @ada:try.test, and each line is a message in the room.
  !case help                     every command
  !case form preservation        a form to copy; paste it filled in between two lines of \"\"\"
  !case show 1                   the card of a case; then check, verify, assign, answer, close
  /as @ben                       somebody else types (also @cy, @dot who only reads, @eve who is not listed)
  /advance 31 days   /now        moves the clock, tells the time
  /help   /quit                  more about steering; the end";

/// The answer to `/help`.
pub(super) const STEERING: &str = "\
Each line is a message in the room; a line \"\"\" begins and ends a message of several lines. Lines with a slash steer:
  /as @name          who types: @ada (admin, approver, handler), @ben and @cy (handlers, approvers), @dot (reader), @sam (safety), @cleo (counsel), @eve (not listed)
  /advance 31 days   moves the clock (minutes, hours, days, months, years); what falls due on the way happens
  /now               tells the time
  /file PATH         posts a file; then /reply its number and !case attach 1
  /reply N           the next message answers item N
  /redact N          takes item N out of the room, as a moderator can
  /host resume @ben  what docket resume does on the host: gives a frozen person their authority back
  /user @alice:example.org declines   what a user does whom docket tells something: comes, stays away, declines, is gone, has no device
  /dm @alice:example.org hello        what a user writes to docket in a room of their own
  /rolled-back 29    the data were put back to an older copy: 29 records that the room knows of are missing
  /quit              the end";
