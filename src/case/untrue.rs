//! Why a reason for refusing would not be true. Each states the fact; `chat::text` makes the sentence.

/// What is so instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untrue {
    /// Nothing of what is asked for is of a kind that is encrypted.
    Encrypted {
        /// What is asked for.
        data: Vec<String>,
    },
    /// Nothing is given out because of it, so that no order is wanted for that.
    GivesNothingOut,
    /// Whoever asks asks for what is their own.
    OwnData,
    /// An order that reaches it was verified.
    Ordered {
        /// Which.
        title: String,
    },
    /// It is for requests of which a line says something else.
    Of {
        /// The line.
        key: String,
        /// As forms write it.
        label: String,
        /// What it says there.
        any_of: Vec<String>,
    },
}
