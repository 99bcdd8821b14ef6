//! How a part of a record is written. Stored for good: a change follows the checklist in `docs/journal-format.md`.
//!
//! JSON, because a journal must still be readable when this program is not.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Account, DeskEvent, Event, Order};

/// The version that is written. Older ones stay readable.
pub const VERSION: u16 = 1;

/// Why a part could not be read.
#[derive(Debug, thiserror::Error)]
pub enum WireFault {
    /// A newer docket wrote it.
    #[error("it was written by a newer docket (format {0}; this one reads up to {VERSION})")]
    Newer(u16),
    /// It is not what was written. Where, and in what way; never what stands there, for this reaches logs.
    #[error("it does not read as a record of docket ({category:?} error, line {line}, column {column})")]
    Unread {
        /// In what way.
        category: serde_json::error::Category,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
}

impl From<serde_json::Error> for WireFault {
    fn from(fault: serde_json::Error) -> WireFault {
        WireFault::Unread { category: fault.classify(), line: fault.line(), column: fault.column() }
    }
}

/// Who did something, and which message made them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Who; `None` for docket itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Account>,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// One case's part of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePart {
    /// Who, and why.
    pub cause: Cause,
    /// What happened, in order; nothing where its card alone is written again, because a case that it names is sealed.
    pub events: Vec<Event>,
    /// What is owed to the outside for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owes: Vec<Order>,
}

/// The desk's part of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskPart {
    /// Who, and why.
    pub cause: Cause,
    /// What happened, in order.
    pub events: Vec<DeskEvent>,
    /// What is owed to the outside for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owes: Vec<Order>,
}

#[derive(Serialize)]
struct Written<'a, P> {
    v: u16,
    #[serde(flatten)]
    part: &'a P,
}

#[derive(Deserialize)]
struct Version {
    v: u16,
}

/// Writes a part.
pub fn write<P: Serialize>(part: &P) -> Result<Vec<u8>, WireFault> {
    Ok(serde_json::to_vec(&Written { v: VERSION, part })?)
}

/// Reads a part.
pub fn read<P: DeserializeOwned>(bytes: &[u8]) -> Result<P, WireFault> {
    // The version is asked for first, because a newer part need not read at all. Written today it stands in front, where it
    // costs nothing to find; a rebuild reads a million of these.
    if !bytes.starts_with(TODAY) {
        let Version { v } = serde_json::from_slice(bytes)?;
        if v > VERSION {
            return Err(WireFault::Newer(v));
        }
    }
    Ok(serde_json::from_slice(bytes)?)
}

/// How a part of [`VERSION`] begins.
const TODAY: &[u8] = b"{\"v\":1,";

#[cfg(test)]
mod tests {
    use super::*;

    fn part() -> DeskPart {
        DeskPart {
            cause: Cause { by: None, message: None },
            events: vec![DeskEvent::Delivered { orders: Vec::new() }],
            owes: Vec::new(),
        }
    }

    #[test]
    fn what_is_written_begins_with_its_version_and_reads_back() {
        let bytes = write(&part()).unwrap();
        assert!(bytes.starts_with(TODAY), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(read::<DeskPart>(&bytes).unwrap(), part());
    }

    #[test]
    fn what_a_newer_docket_wrote_is_named_as_such() {
        for text in [r#"{"v":2,"cause":{},"events":[{"event":"sung"}]}"#, r#"{"events":7,"v":9}"#] {
            assert!(matches!(read::<DeskPart>(text.as_bytes()), Err(WireFault::Newer(2 | 9))), "{text}");
        }
        let other_order = r#"{"cause":{},"events":[{"event":"delivered","orders":[]}],"v":1}"#;
        assert_eq!(read::<DeskPart>(other_order.as_bytes()).unwrap(), part());
    }

    #[test]
    fn a_fault_names_the_place_and_never_what_stands_there() {
        let secret = r#"{"v":1,"cause":{},"events":[{"event":"@alice:example.org"}]}"#;
        let said = read::<DeskPart>(secret.as_bytes()).unwrap_err().to_string();
        assert!(!said.contains("alice") && said.contains("column"), "{said}");
    }
}
