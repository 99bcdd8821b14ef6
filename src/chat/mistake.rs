//! What can be wrong with the way something was typed, each with its way out. Does not know what was meant.

/// Why a message that is meant for docket cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// A quote is opened and never closed.
    #[error("I could not read the quotes: one {0} is never closed. Close it, or leave the quotes out.")]
    UnclosedQuote(char),
    /// A quote is closed in the middle of a word.
    #[error(
        "I could not read the quotes: one {0} is closed in the middle of a word. Put a space behind it, or write \\\" for a quote inside quotes."
    )]
    QuoteInWord(char),
    /// The message is longer than any request.
    #[error("this message is too long for me: {0} bytes, and I read {max}. Send the rest as a file.", max = crate::chat::form::LONGEST)]
    TooLong(usize),
    /// The message has more lines than any request.
    #[error("this message has too many lines for me: I read {max}. Send the rest as a file.", max = crate::chat::form::MOST_LINES)]
    TooManyLines,
    /// A request that does not say which.
    #[error(
        "the first line does not say what is requested. Write the kind behind it, such as Request: preservation"
    )]
    NoKind,
}
