//! Mail domains in running text (rule 61): what stands behind an `@`, wherever a request has it. Like the numbers it gives, they
//! come from whoever wrote the request, so they prove nothing about them. Knows no agency; does not know whether a domain exists.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::directory::is_under;
use super::punycode::shown;
use super::{Case, Field};

/// The domains that stand behind an `@` in a text, as people see them. Of an account the server is none: behind its `@` stands
/// a name.
pub fn domains_in(text: &str) -> BTreeSet<String> {
    // Every line of every request is asked, and few have one.
    if !has_at(text) {
        return BTreeSet::new();
    }
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut found = BTreeSet::new();
    let mut before = "";
    for piece in text.split_inclusive('@') {
        if before.ends_with('@') {
            found.extend(domain_at(piece));
        }
        before = piece;
    }
    found
}

/// The domains of a line, its label included.
pub(super) fn domains_of(field: &Field) -> BTreeSet<String> {
    if !has_at(&field.label) && !has_at(&field.value) {
        return BTreeSet::new();
    }
    domains_in(&format!("{} {}", field.label, field.value))
}

fn has_at(text: &str) -> bool {
    text.contains(['@', '＠', '﹫'])
}

/// Whether the one domain is the other, or lies under it or above it.
pub(super) fn is_kin(one: &str, other: &str) -> bool {
    is_under(one, other) || is_under(other, one)
}

/// A domain and all that it lies under, but for the last of them, which is everybody's.
pub fn over(domain: &str) -> impl Iterator<Item = &str> {
    let all = std::iter::successors(Some(domain), |domain| domain.split_once('.').map(|(_, over)| over));
    all.filter(|domain| domain.contains('.'))
}

impl Case {
    /// Every mail domain that the requester gave, wherever it stands or stood.
    pub fn mail_domains(&self) -> BTreeSet<String> {
        let lines = self.fields.iter().flat_map(domains_of);
        let strays = self.stray.iter().flat_map(|line| domains_in(line));
        lines.chain(strays).chain(self.former_domains.iter().cloned()).collect()
    }
}

/// The domain that a text begins with, if it begins with one.
fn domain_at(text: &str) -> Option<String> {
    let text = text.trim_start();
    let is_part = |c: char| {
        c.is_alphanumeric() || matches!(c, '.' | '-' | '。' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
    };
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    // `@jane.roe:example.org` is an account.
    let is_account = rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let name: String = name
        .chars()
        .map(|c| if c == '。' { '.' } else { c })
        .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        .collect();
    let name = name.trim_matches(['.', '-']);
    (!is_account && name.contains('.')).then(|| shown(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(text: &str, domains: &[&str]) {
        let found = domains_in(text);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), domains, "{text}");
    }

    #[test]
    fn a_domain_is_found_wherever_an_address_stands() {
        says("roe@Essex-Police.example", &["essex-police.example"]);
        says("write to <roe@a.example>, or to b@b.example.", &["a.example", "b.example"]);
        says("roe@met.police.uk@evil.example", &["evil.example", "met.police.uk"]);
        says("any desk @essex-police.example", &["essex-police.example"]);
        says("roe @ essex-police.example", &["essex-police.example"]);
        says("roe＠essex．example", &["essex.example"]);
        says("roe@es\u{200b}sex.example", &["essex.example"]);
        says("roe@xn--mt-nlc.police.uk: today", &["mеt.police.uk"]);
    }

    #[test]
    fn an_account_has_none_and_neither_has_other_text() {
        says("@alice:example.org and @jane.roe:example.org", &[]);
        says("at essex-police.example, roe@localhost, a@", &[]);
    }

    #[test]
    fn one_lies_under_another_or_above_it() {
        assert!(
            is_kin("mail.essex.example", "essex.example") && is_kin("essex.example", "mail.essex.example")
        );
        assert!(!is_kin("essex.example", "sussex.example") && !is_kin("a.example", "b.example"));
    }
}
