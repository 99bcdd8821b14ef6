//! Randomness, as an argument: the core asks nobody for it.

/// Letters and digits that cannot be mistaken for each other, after Crockford.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many characters a code has.
const LONG: usize = 6;

/// Random bytes for one command.
#[derive(Clone, Copy, Debug)]
pub struct Draw(pub [u8; 8]);

impl Draw {
    /// For decisions that draw nothing.
    pub const NONE: Draw = Draw([0; 8]);

    /// A code of six characters, at least one of them a letter, and never like the number of a case (`C12345`).
    pub fn code(self) -> String {
        let [.., last] = self.0;
        let mut code: Vec<u8> =
            self.0.iter().take(LONG).map(|byte| ALPHABET[usize::from(byte % 32)]).collect();
        let digits = code.iter().filter(|c| c.is_ascii_digit()).count();
        let like_a_number = digits == LONG || (digits == LONG - 1 && code.first() == Some(&b'C'));
        if like_a_number && let Some(end) = code.last_mut() {
            *end = ALPHABET[10 + usize::from(last % 22)];
        }
        code.into_iter().map(char::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_has_a_letter_and_is_no_case(bytes: [u8; 8], digits in proptest::array::uniform8(0u8..10)) {
            for bytes in [bytes, digits, [12, digits[0], digits[1], digits[2], digits[3], digits[4], 0, digits[5]]] {
                let code = Draw(bytes).code();
                prop_assert_eq!(code.len(), 6);
                prop_assert!(code.bytes().any(|c| c.is_ascii_uppercase()));
                prop_assert!(crate::case::CaseId::read(&code).is_none(), "{}", code);
            }
        }
    }
}
