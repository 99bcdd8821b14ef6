//! The writing in which domains with other letters travel: `xn--mt-nlc` for `mеt` (RFC 3492). It is only read here, so that
//! a domain can be looked at as a person would see it.

const BASE: u32 = 36;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 128;
const MARK: &str = "xn--";

/// A domain as it is shown to people. A label that cannot be read stays as it is.
pub(super) fn shown(domain: &str) -> String {
    let labels = domain.split('.').map(|label| {
        let read = label.strip_prefix(MARK).and_then(decode);
        read.unwrap_or_else(|| label.to_owned())
    });
    labels.collect::<Vec<_>>().join(".")
}

fn decode(text: &str) -> Option<String> {
    let (plain, rest) = text.rsplit_once('-').unwrap_or(("", text));
    let mut letters: Vec<char> = plain.chars().collect();
    let (mut code, mut place, mut bias) = (FIRST_CODE, 0_u32, FIRST_BIAS);
    let mut digits = rest.bytes().peekable();
    while digits.peek().is_some() {
        let before = place;
        let mut weight = 1_u32;
        for step in 1_u32.. {
            let digit = value(digits.next()?)?;
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let limit = BASE.checked_mul(step)?.saturating_sub(bias).clamp(1, 26);
            if digit < limit {
                break;
            }
            weight = weight.checked_mul(BASE - limit)?;
        }
        let count = u32::try_from(letters.len()).ok()?.checked_add(1)?;
        bias = adapted(place - before, count, before == 0);
        code = code.checked_add(place / count)?;
        place %= count;
        letters.insert(usize::try_from(place).ok()?, char::from_u32(code)?);
        place += 1;
    }
    Some(letters.into_iter().collect())
}

fn value(digit: u8) -> Option<u32> {
    match digit {
        b'a'..=b'z' => Some(u32::from(digit - b'a')),
        b'A'..=b'Z' => Some(u32::from(digit - b'A')),
        b'0'..=b'9' => Some(u32::from(digit - b'0') + 26),
        _ => None,
    }
}

fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut bias = 0;
    while delta > 455 {
        delta /= BASE - 1;
        bias += BASE;
    }
    bias + BASE * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_domain_is_shown_as_people_see_it() {
        for (travels, seen) in [
            ("xn--mt-nlc.police.uk", "mеt.police.uk"),
            ("xn--bcher-kva.example", "bücher.example"),
            ("xn--ihqwcrb4cv8a8dqg056pqjye.tw", "他们为什么不说中文.tw"),
            ("met.police.uk", "met.police.uk"),
            ("xn--!.uk", "xn--!.uk"),
            ("xn--99999999999.uk", "xn--99999999999.uk"),
        ] {
            assert_eq!(shown(travels), seen);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(text in "(xn--)?[a-zA-Z0-9-]{0,70}(\\.xn--[a-z0-9-]{0,40})?") {
            shown(&text);
        }
    }
}
