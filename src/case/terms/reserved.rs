//! Words that mean something of their own where kinds are counted, listed or typed, so that no kind can be called by them. Knows
//! no policy.

/// The sum over all kinds, or over all countries, in a report; in a list, closed cases too.
pub const ALL: &str = "all";
/// The name under which a report counts what is bound to silence: in the sum of all, and under no kind and no country.
pub const TOGETHER: &str = "not broken down";
/// What a request counts under in a report that names more than one right.
pub const SEVERAL: &str = "several";
/// Words of a list besides the stages and the flags: what is looked for is no kind where one of them stands.
pub const LIST_WORDS: [&str; 10] =
    ["all", "open", "gagged", "secret", "confidential", "mine", "me", "nobody", "unowned", "overdue"];
