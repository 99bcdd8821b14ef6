//! How mistakes in a stack of policy files are told: where, what, and whose line is to be mended. Does not find them.

use super::stack::Laid;
use crate::yaml::{Found, Mistake, Place, quoted};

/// Something that a file of the operator's takes off, and where it says so.
pub(super) struct TakenOff {
    pub(super) path: String,
    pub(super) place: Place,
}

/// Every mistake as `file:line:column: sentence`. What several parts need that one line takes off is one mistake.
pub(super) fn lines(found: &[Found], laid: &[Laid], taken_off: &[TakenOff]) -> Vec<String> {
    let mut told: Vec<Told> = Vec::new();
    for (mistake, path) in found {
        let one = tell(mistake, path, laid, taken_off);
        match told.iter_mut().find(|before| before.is_same_need(&one)) {
            Some(Told::Needed { by, .. }) => by.push(path.clone()),
            Some(Told::Line(_)) | None => told.push(one),
        }
    }
    told.iter().map(Told::line).collect()
}

/// What is told of a mistake.
enum Told {
    /// This line.
    Line(String),
    /// That parts of a pack need what the operator's file takes off.
    Needed {
        /// The file and the place where it says so.
        at: String,
        /// What is taken off.
        off: String,
        /// The parts.
        by: Vec<String>,
        /// What is wrong with each of them.
        why: String,
    },
}

impl Told {
    /// Whether both need the same, for the same reason.
    fn is_same_need(&self, other: &Told) -> bool {
        match (self, other) {
            (Told::Needed { at, off, why, .. }, Told::Needed { at: place, off: gone, why: reason, .. }) => {
                (at, off, why) == (place, gone, reason)
            }
            (Told::Line(_) | Told::Needed { .. }, _) => false,
        }
    }

    fn line(&self) -> String {
        match self {
            Told::Line(line) => line.clone(),
            Told::Needed { at, off, by, why } => {
                let off = quoted(off);
                let (need, that) = if by.len() > 1 { ("need", "those") } else { ("needs", "that") };
                let by = and(by.iter().map(|path| quoted(path)).collect());
                format!(
                    "{at}: `remove` takes off {off}, and {by} still {need} it ({why}); remove {that} too, or say otherwise in \
                     your file"
                )
            }
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(mut names: Vec<String>) -> String {
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
        None => String::new(),
    }
}

fn tell(Mistake { place, message }: &Mistake, path: &str, laid: &[Laid], taken_off: &[TakenOff]) -> Told {
    let Some(Laid { file, is_pack, .. }) = laid.get(place.source) else {
        return Told::Line(format!("policy:{place}: {message}"));
    };
    // Who wrote a file above a pack can mend it only there.
    let is_inherited = *is_pack && laid.iter().any(|laid| !laid.is_pack);
    // What names a thing that the operator took off: there is their own line to look at.
    let gone = taken_off.iter().find(|off| {
        let name = off.path.rsplit('/').next().unwrap_or_default();
        let is_whole_part = *message == format!("the file lacks `{}`", off.path);
        is_whole_part || (is_inherited && message.contains(&quoted(name)))
    });
    if let Some(TakenOff { path: off, place }) = gone
        && let Some(Laid { file, .. }) = laid.get(place.source)
    {
        if path.is_empty() {
            let off = quoted(off);
            return Told::Line(format!(
                "{file}:{place}: `remove` takes off {off}, without which there is no policy; leave it, or say it"
            ));
        }
        // What there is instead is of no use to whoever took it off.
        let why = message.split(';').next().unwrap_or_default().to_owned();
        let at = format!("{file}:{place}");
        return Told::Needed { at, off: off.clone(), by: vec![path.to_owned()], why };
    }
    if is_inherited && !path.is_empty() {
        return Told::Line(format!(
            "{file}:{place}: {message} (a shipped pack says so in {}; say otherwise in your file, or remove it)",
            quoted(path)
        ));
    }
    Told::Line(format!("{file}:{place}: {message}"))
}
