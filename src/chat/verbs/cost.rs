//! `cost 42 120 GBP what for`: an amount that nobody can misread, a currency by its three letters, and words.

use crate::case::Command;
use crate::case::near;
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::slip::Slip;

/// The largest amount, in hundredths: 9,999,999.99.
const MOST_CENTS: u64 = 999_999_999;
/// The longest text of what it was for, in characters.
const LONGEST: usize = 300;

/// What people type for a currency, and the letters that mean it. A sign that several countries use names none.
const SIGNS: &[(char, &str)] =
    &[('£', "GBP"), ('€', "EUR"), ('$', "USD (or AUD, CAD …)"), ('¥', "JPY or CNY")];

/// The currencies in use (ISO 4217), without metals, funds and test codes.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD \
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD \
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL \
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD \
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD \
    UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

pub(super) fn cost(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let Some(first) = args.word() else {
        return args.done(Asked::Read(Query::Costs(case)));
    };
    let (cents, currency) = match joined(first) {
        Some((amount, letters)) => (cents(amount)?, currency(letters)?),
        None => {
            let second = args.need_word("the currency by its three letters, as in 120 GBP")?;
            // GBP 120 is as good as 120 GBP.
            if first.chars().all(char::is_alphabetic) {
                let letters = currency(first)?;
                // `120 GBP counsel`: the amount stood where the case belongs.
                let cents = cents(second).map_err(|_| Slip::WhichCase { verb: "cost" })?;
                (cents, letters)
            } else {
                (cents(first)?, currency(second)?)
            }
        }
    };
    let what: String = args.text().split_whitespace().collect::<Vec<_>>().join(" ");
    if what.is_empty() {
        return Err(Slip::Missing { what: "what it was for, in a few words", verb: "cost" });
    }
    if what.chars().nth(LONGEST).is_some() {
        return Err(unread(
            "what it was for",
            "…",
            format!("{LONGEST} characters are enough for one line of a statement"),
        ));
    }
    Ok(Asked::Change(case, Command::Cost { cents, currency, what }))
}

/// `120GBP`, in its two parts.
fn joined(typed: &str) -> Option<(&str, &str)> {
    let (amount, letters) = typed.split_at_checked(typed.len().checked_sub(3)?)?;
    let fits =
        amount.ends_with(|c: char| c.is_ascii_digit()) && letters.chars().all(|c| c.is_ascii_alphabetic());
    fits.then_some((amount, letters))
}

fn currency(typed: &str) -> Result<String, Slip> {
    let letters = typed.to_uppercase();
    if CURRENCIES.split_whitespace().any(|known| known == letters) {
        return Ok(letters);
    }
    if let Some(slip) = with_sign(typed) {
        return Err(slip);
    }
    let near = if letters.len() == 3 { near::nearest(&letters, CURRENCIES.split_whitespace()) } else { None };
    let why = match near {
        Some(near) => format!("no currency has these letters; did you mean {near}?"),
        None => "write a currency by its three letters, as in 120 GBP".to_owned(),
    };
    Err(unread("the currency", typed, why))
}

/// `120`, `120.50`, `1,200.00`, in hundredths.
fn cents(typed: &str) -> Result<u64, Slip> {
    if let Some(slip) = with_sign(typed) {
        return Err(slip);
    }
    let fault = |why: &str| unread("the amount", typed, why.to_owned());
    let shape = || fault("write an amount as 120 or 120.50, with a point before the hundredths");
    let (whole, hundredths) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let hundredths: u64 = match hundredths.len() {
        0 if !typed.contains('.') => 0,
        1 if digits(hundredths) => hundredths.parse::<u64>().map_err(|_| shape())? * 10,
        2 if digits(hundredths) => hundredths.parse().map_err(|_| shape())?,
        _ => return Err(shape()),
    };
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3));
    if first.is_empty() || !digits(first) || !grouped || !rest.iter().all(|group| digits(group)) {
        return Err(shape());
    }
    let too_much = || fault("one line holds at most 9,999,999.99");
    let whole: u64 = format!("{first}{}", rest.concat()).parse().map_err(|_| too_much())?;
    let cents =
        whole.checked_mul(100).and_then(|cents| cents.checked_add(hundredths)).ok_or_else(too_much)?;
    match cents {
        0 => Err(fault("nothing was spent then")),
        cents if cents > MOST_CENTS => Err(too_much()),
        cents => Ok(cents),
    }
}

fn with_sign(typed: &str) -> Option<Slip> {
    let (sign, letters) = SIGNS.iter().find(|(sign, _)| typed.contains(*sign))?;
    let amount: String = typed.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let amount = if amount.is_empty() { "120".to_owned() } else { amount };
    let why = format!("write the letters in the place of {sign}, as in {amount} {letters}");
    Some(unread("the amount", typed, why))
}

fn unread(what: &str, typed: &str, why: String) -> Slip {
    Slip::Unread { what: what.to_owned(), typed: typed.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, read) in [
            ("120", 12_000),
            ("120.5", 12_050),
            ("120.50", 12_050),
            ("0.01", 1),
            ("1,200.00", 120_000),
            ("9,999,999.99", 999_999_999),
            ("9999999.99", 999_999_999),
        ] {
            assert_eq!(cents(typed), Ok(read), "{typed}");
        }
        for typed in [
            "", ".", "1.", ".5", "1.234", "1,20", "1.200,00", "12,34", "-5", "0", "0.00", "10000000", "1e3",
            "٣",
        ] {
            assert!(cents(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_sign_is_answered_with_the_letters() {
        for (typed, way_out) in [("£120", "120 GBP"), ("€9.50", "9.50 EUR"), ("$5", "5 USD")] {
            let Err(Slip::Unread { why, .. }) = cents(typed) else { panic!("{typed}") };
            assert!(why.contains(way_out), "{why}");
        }
    }

    #[test]
    fn a_currency_is_three_letters_that_exist() {
        assert_eq!(currency("gbp"), Ok("GBP".to_owned()));
        for typed in ["for", "pounds", "G", ""] {
            assert!(currency(typed).is_err(), "{typed}");
        }
        assert_eq!(joined("120GBP"), Some(("120", "GBP")));
        assert_eq!(joined("GBP"), None);
    }

    proptest! {
        #[test]
        fn a_written_amount_is_read_as_itself(amount in 1u64..=MOST_CENTS) {
            prop_assert_eq!(cents(&crate::chat::text::money(amount)), Ok(amount));
        }

        #[test]
        fn no_text_breaks_it(typed in "\\PC{0,12}|[0-9.,£GBP-]{0,12}") {
            let _ = cents(&typed);
            let _ = currency(&typed);
            let _ = joined(&typed);
        }
    }
}
