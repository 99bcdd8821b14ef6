//! A message of several lines, gathered until its end is typed. Does not send it.

/// A line that begins and ends it.
pub(super) const MARK: &str = "\"\"\"";
/// The most that is gathered; the desk reads far less.
const LONGEST: usize = 1024 * 1024;

/// A message of several lines that has begun.
#[derive(Default)]
pub(super) struct Block {
    pub(super) text: String,
    /// Why it cannot be sent, once a line of it could not be read.
    pub(super) unread: Option<&'static str>,
}

impl Block {
    /// Takes one more line in.
    pub(super) fn push(&mut self, line: &str) {
        if self.text.len() + line.len() > LONGEST {
            self.spoil("longer than 1 MiB");
        }
        if self.unread.is_none() {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Says why it cannot be sent.
    pub(super) fn spoil(&mut self, why: &'static str) {
        self.unread = Some(why);
        self.text = String::new();
    }
}
