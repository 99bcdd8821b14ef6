//! What docket says about itself: help, forms, people, policy.

use super::adoption::adoption;
use crate::case::{Case, FieldForm, FieldRule, Kind, Policy, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::verbs::{LATER, Later, VERBS, Verb};

/// One screen of all commands.
pub fn help(verb: Option<&Verb>, terms: &Terms) -> Page {
    match verb {
        Some(verb) => one_verb(verb, terms),
        None => all_verbs(terms),
    }
}

fn all_verbs(terms: &Terms) -> Page {
    let mut page = Page::of(
        Line::ours("Paste a request that begins with ")
            .code("Request: preservation")
            .say(", or type a command. A case is ")
            .code("42")
            .say(", ")
            .code("C-42")
            .say(" or ")
            .code("#42")
            .say("."),
    );
    for verb in VERBS {
        page = page.line(Line::new().code(command(verb, terms)).say(format!(" – {}", verb.what)));
    }
    let more = format!("{} help set", terms.prefix());
    page.line(Line::ours("Examples: ").code(more))
        .folded("Not in this version yet", LATER.iter().map(|later| still_to_come(later, terms)).collect())
}

/// What a command will do that is not there yet.
fn still_to_come(later: &Later, terms: &Terms) -> Line {
    Line::new().code(format!("{} {}", terms.prefix(), later.name)).say(format!(" – will {}", later.will))
}

fn one_verb(verb: &Verb, terms: &Terms) -> Page {
    let examples = verb
        .examples
        .iter()
        .map(|example| Line::new().code(format!("{} {example}", terms.prefix())).indented());
    let page =
        Page::of(Line::new().code(command(verb, terms)).say(format!(" – {}", verb.what))).lines(examples);
    let page = if verb.name == SET { page.lines(ours(terms)) } else { page };
    let page = if verb.name == TAG { page.lines(flags()) } else { page };
    if SECONDS.contains(&verb.name) { page.lines(alone(terms)) } else { page }
}

/// The verbs of which one person may need to know that they can go ahead alone.
const SECONDS: [&str; 2] = ["approve", "attest"];

/// How one approver goes ahead alone in an emergency, where the policy lets them.
fn alone(terms: &Terms) -> Option<Line> {
    let is_on = terms.policy().is_some_and(|policy| policy.two_people.break_glass);
    is_on.then(|| {
        Line::ours("Nobody else there, in an emergency whose requester was called back: ")
            .code(format!("{} approve 42 K7M2QX break-glass=\"why it cannot wait\"", terms.prefix()))
            .say(". Everybody is told, and somebody else reviews it by the next working day.")
    })
}

/// The verb that sets flags.
const TAG: &str = "tag";

/// What the tags do that are flags (rules 56 and 66).
fn flags() -> [Line; 2] {
    [
        Line::ours(
            "csea: child sexual abuse material. It seals the case for those with the role safety or counsel.",
        ),
        Line::ours(
            "underage: somebody seems younger than the terms allow. It hides nothing, calls those with the role safety at once, and \
             they alone say what was found.",
        ),
    ]
}

/// The verb that changes lines.
const SET: &str = "set";

/// The lines in which we say what we did and found. They stand in no form, for a requester cannot fill them in.
fn ours(terms: &Terms) -> Option<Line> {
    let policy = terms.policies.get(&terms.current)?;
    let mut labels: Vec<&str> = Vec::new();
    for rule in policy.kinds.iter().flat_map(|kind| &kind.fields).filter(|rule| rule.ours) {
        if !labels.contains(&rule.label.as_str()) {
            labels.push(&rule.label);
        }
    }
    let line = Line::ours("Lines that only we set, what we did and found: ").say(labels.join(", "));
    let more = format!("{} policy preservation", terms.prefix());
    (!labels.is_empty()).then(|| line.say(" – what each wants, by kind: ").code(more))
}

fn command(verb: &Verb, terms: &Terms) -> String {
    format!("{} {} {}", terms.prefix(), verb.name, verb.usage).trim_end().to_owned()
}

/// The blank form of a kind, required lines first.
pub fn form(kind: &Kind) -> Page {
    let lines = |required: bool| {
        // What we did is not the requester's to say.
        let rules = kind.fields.iter().filter(move |rule| rule.required == required && !rule.ours);
        rules.map(|rule| format!("\n{}: ", rule.label)).collect::<String>()
    };
    let required = format!("Request: {}{}", kind.name, lines(true));
    let page =
        Page::of(Line::ours(format!("{}: {}. Copy, fill in, send:", kind.name, kind.title))).block(required);
    // When it came in, where that was before today; every kind has it.
    let optional = format!("{}\nReceived: ", lines(false));
    page.line(Line::ours("Add what you know of these:")).block(optional.trim_start())
}

/// Who may do what.
pub fn people(terms: &Terms) -> Page {
    Page::new().lines(terms.people.iter().map(|person| {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.name()).collect();
        let line = Line::new().theirs(person.account.as_str()).say(format!(" – {}", roles.join(", ")));
        if terms.frozen.contains(&person.account) { line.strong(" – frozen: reads only") } else { line }
    }))
}

/// The policy's kinds and reasons, or one kind.
pub fn policy(kind: Option<&Kind>, policy: Option<&Policy>, terms: &Terms) -> Page {
    let Some(policy) = policy else {
        return Page::of(Line::ours("No policy is loaded. Please call your administrator."));
    };
    if let Some(kind) = kind {
        return one_kind(kind, policy, terms);
    }
    let mut page = Page::of(Line::ours(format!("Policy {} · kinds:", policy.version)));
    for kind in &policy.kinds {
        page = page.line(Line::new().strong(kind.name.clone()).say(format!(" – {}", kind.title)));
    }
    let reasons = policy.reasons.iter();
    let reasons = reasons
        .map(|reason| Line::new().code(reason.code.clone()).say(format!(" – {}", reason.text)))
        .collect();
    let more = format!("{} policy preservation", terms.prefix());
    page.line(Line::ours("One kind: ").code(more)).folded("Reasons for refuse", reasons)
}

/// The policy that a case is pinned to, and the way to today's.
pub fn policy_of(case: &Case, terms: &Terms) -> Page {
    let line = Line::new().strong(case.id.to_string()).dot();
    let Some(older) = older_policy(case, terms) else {
        return Page::of(line.say(format!("under the policy of today, {}", terms.current)));
    };
    let adopt = format!("{} policy {} adopt", terms.prefix(), case.id);
    // By its name alone, as it is adopted.
    let has_kind =
        terms.policy().is_some_and(|policy| policy.kinds.iter().any(|kind| kind.name == case.kind));
    if !has_kind {
        let gone = Line::ours(format!("The policy of today, {}, has no kind ", terms.current));
        let gone = gone.theirs(&case.kind).say(match terms.policy_of(case) {
            Some(_) => ", so this case goes on under the one it has. What there is: ",
            None => ": please call your administrator. What there is: ",
        });
        return Page::of(line.join(older)).line(gone.code(format!("{} policy", terms.prefix())));
    }
    Page::of(line.join(older))
        .line(
            Line::ours(format!("The policy of today is {}. An administrator can adopt it: ", terms.current))
                .code(adopt),
        )
        .line(Line::ours("It would change about this case:"))
        .lines(adoption(case, terms))
}

/// That a case is pinned to another policy than today's, in few words.
pub(super) fn older_policy(case: &Case, terms: &Terms) -> Option<Line> {
    if case.policy == terms.current {
        return None;
    }
    let line = Line::ours("under the older policy ").theirs(&case.policy);
    Some(if terms.policy_of(case).is_some() { line } else { line.say(", which is not at hand") })
}

fn one_kind(kind: &Kind, policy: &Policy, terms: &Terms) -> Page {
    let mut page = Page::of(
        Line::ours(format!("Policy {} · ", policy.version))
            .strong(kind.name.clone())
            .say(format!(" – {}", kind.title)),
    );
    if !kind.aliases.is_empty() {
        page = page.line(Line::ours(format!("Also called: {}", kind.aliases.join(", "))));
    }
    for (needed, what) in
        [(kind.verify_requester, "The requester"), (kind.verify_instrument, "The instrument")]
    {
        if needed {
            page = page.line(Line::ours(format!("{what} must be verified.")));
        }
    }
    if kind.can_disclose() {
        page = page.line(Line::ours("Giving out records takes two people."));
    }
    if kind.attest {
        page = page.lines(alone(terms));
    }
    page = page.lines(kind.fields.iter().map(rule));
    page.line(Line::ours("The form: ").code(format!("{} form {}", terms.prefix(), kind.name)))
}

fn rule(rule: &FieldRule) -> Line {
    let required = if rule.required { " (required)" } else { "" };
    let form = match &rule.form {
        FieldForm::Text | FieldForm::Data | FieldForm::Instrument | FieldForm::Pattern { .. } => "",
        FieldForm::Country => "a country, as GB · ",
        FieldForm::OneOf(_) => "one word · ",
        FieldForm::SomeOf(_) => "one or several · ",
        FieldForm::Done => "the day on which it was done · ",
        FieldForm::Accounts | FieldForm::Secrecy => "",
        FieldForm::Day => "a date · ",
        FieldForm::Email => "an address · ",
    };
    let ours = if rule.ours { " (only we set it)" } else { "" };
    Line::ours(format!("{}{required}{ours}: {form}{}", rule.label, rule.help))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::form::{Filled, read};
    use crate::policy::{Layer, PACKS, stack};

    /// What cannot be adopted is not offered, and the policy that it has is at hand.
    #[test]
    fn a_kind_that_is_gone_from_the_policy_of_today_goes_on_under_its_own() {
        let mut terms = crate::chat::render::given::terms("matrix-org");
        let case = crate::chat::render::given::opened("complaint", Vec::new(), &terms);
        let mut today = terms.policy().unwrap().clone();
        today.version = "ours/2".to_owned();
        today.kinds.retain(|kind| kind.name != "complaint");
        terms.current = today.version.clone();
        terms.policies.insert(today.version.clone(), today);
        let said = policy_of(&case, &terms).text();
        assert!(
            said.contains("ours/2, has no kind complaint, so this case goes on under the one it has"),
            "{said}"
        );
        assert!(!said.contains("adopt") && !said.contains("not at hand"), "{said}");
    }

    /// A form as it is printed, with a value behind each label.
    fn filled(kind: &Kind, value: &str) -> Filled {
        let printed = form(kind).text();
        let lines =
            printed.lines().map(str::trim).filter(|line| line.contains(':') && !line.starts_with("Add "));
        let lines = lines.skip_while(|line| !line.starts_with("Request:"));
        let text = lines.map(|line| match line.strip_suffix(':') {
            Some(label) => format!("{label}: {value}\n"),
            None => format!("{line}\n"),
        });
        read(&text.collect::<String>()).expect("a request").expect("readable")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        /// Whoever fills in what we print is understood, line by line.
        #[test]
        fn every_form_reads_back_whole(value in "[a-z]{1,8}( [a-z0-9]{1,8}){0,3}") {
            for pack in PACKS {
                let policy = stack(&[Layer::Pack(pack)]).unwrap().policy;
                for kind in &policy.kinds {
                    let filled = filled(kind, &value);
                    prop_assert!(filled.stray.is_empty(), "{pack} {}: {:?}", kind.name, filled.stray);
                    let mut keys: Vec<&str> = Vec::new();
                    for line in &filled.lines {
                        prop_assert_eq!(&line.value, &value);
                        if !line.key.is(crate::case::RECEIVED_KEY) {
                            let rule = kind.field(line.key.as_str());
                            prop_assert!(rule.is_some(), "{pack} {}: {}", kind.name, line.label);
                            keys.extend(rule.map(|rule| rule.key.as_str()));
                        }
                    }
                    // What we say ourselves stands in no form.
                    let theirs = kind.fields.iter().filter(|rule| !rule.ours);
                    let all: Vec<&str> = theirs.map(|rule| rule.key.as_str()).collect();
                    prop_assert_eq!(keys.len(), all.len());
                    prop_assert!(all.iter().all(|key| keys.contains(key)), "{pack} {}", kind.name);
                }
            }
        }
    }
}
