//! A mail as it was sent, as the lines that people would paste of it: who, when, about what, and its text.
//!
//! Nothing of it is followed or rendered: pictures, attachments and addresses of the web are passed over. Of a page made for a browser
//! the text is taken.

use mail_parser::{Addr, Address, Message, MessageParser};

/// What stands above a mail that lies in another one; `mail_head` knows it.
const PASSED_ON: &str = "---------- Forwarded message ----------";
/// So many bytes at the beginning are looked at for the lines of a mail.
const LOOKED_AT: usize = 8 * 1024;
/// Lines that stand in a mail as it was sent, and that nobody types.
const OF_MAILS: [&str; 3] = ["mime-version:", "received: from", "dkim-signature:"];

/// Whether the bytes look like a mail as it was sent.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let begin = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(begin).to_lowercase();
    let mut head = text.lines().take_while(|line| !line.trim().is_empty());
    head.any(|line| OF_MAILS.iter().any(|name| line.starts_with(name)))
}

/// Its head and its text; `None` if it cannot be read.
pub(super) fn read(bytes: &[u8]) -> Option<(String, String)> {
    let mail = MessageParser::default().parse(bytes)?;
    let mut body = text(&mail);
    // Passed on as an attachment, it is the one that lies within which asks.
    for inner in mail.attachments().filter_map(|part| part.message()) {
        body = format!("{body}\n\n{PASSED_ON}\n{}\n{}", head(inner), text(inner));
    }
    Some((head(&mail), body))
}

fn head(mail: &Message<'_>) -> String {
    let mut head = String::new();
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            head.push_str(&format!("{name}: {value}\n"));
        }
    };
    line("From", mail.from().and_then(sender));
    line("Reply-To", mail.reply_to().and_then(sender));
    line("Date", mail.date().map(|date| date.to_rfc822()));
    line("Subject", mail.subject().map(in_one_line));
    if head.is_empty() { head } else { format!("{head}\n") }
}

fn sender(address: &Address<'_>) -> Option<String> {
    let Addr { name, address } = address.first()?;
    let address = address.as_deref().map(in_one_line).unwrap_or_default();
    Some(match name.as_deref().map(in_one_line).filter(|name| !name.is_empty()) {
        // In quotes a name has no letter that means something.
        Some(name) => format!("\"{}\" <{address}>", name.replace(['"', '\\', '<', '>'], " ")),
        None => address,
    })
}

/// A value has one line, whatever its sender wrote into it: another one could be a line of the form.
fn in_one_line(value: &str) -> String {
    value
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Its text, all parts of it; of one that was written for a browser only, what would be seen there.
fn text(mail: &Message<'_>) -> String {
    let parts = (0..mail.text_body_count()).filter_map(|part| mail.body_text(part));
    parts.map(|text| text.replace("\r\n", "\n").trim().to_owned()).collect::<Vec<_>>().join("\n\n")
}
