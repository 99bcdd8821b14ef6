//! From the tree of a policy's file, or of several on top of each other, to the [`Policy`] that rules work by.
//!
//! Every mistake is noted where it stands, and the walk goes on: a name that does not exist, a term that is none, an
//! expression that does not compile. Knows neither files nor packs.

mod called;
mod clocks;
mod conditions;
mod data;
mod duties;
mod each;
mod elsewhere;
mod fields;
mod kinds;
mod languages;
mod letters;
mod promised;
mod refer;
mod running;
mod seen;
mod spans;

pub use elsewhere::of_configuration;

use std::collections::BTreeMap;

use crate::case::{Absent, Policy};
use crate::yaml::{Node, Place, zone};

/// The keys that a file can have besides those of the policy itself.
pub(super) const ASIDE: [&str; 3] = ["name", "after", "remove"];

const KEYS: [&str; 27] = [
    "name",
    "after",
    "remove",
    "accepts",
    "countries",
    "calendar",
    "calendars",
    "timezone",
    "fields",
    "kinds",
    "categories",
    "instruments",
    "absent",
    "clocks",
    "hold",
    "gag",
    "notice",
    "two_people",
    "refusals",
    "letters",
    "texts",
    "keep",
    "report",
    "idle",
    "visits",
    "language",
    "languages",
];

/// What could be read.
pub(super) struct Read {
    pub(super) policy: Policy,
    /// Lines of the operator's own that no kind has.
    pub(super) unused: Vec<String>,
}

/// Reads a policy. Its version is still to be given.
pub(super) fn policy(node: Node<'_>, is_own: &dyn Fn(Place) -> bool) -> Option<Read> {
    let map = node.map_of(&KEYS, &elsewhere::of_policy)?;
    let names = refer::Names::of(&map, is_own);

    let read = map.must("fields", fields::fields);
    let fields = read.unwrap_or_default();
    let seen = seen::Seen::of(&map, &names, &fields);
    let spoken = conditions::Spoken { names: &names, fields: &fields, seen: &seen };
    let kinds = map.must("kinds", |node| kinds::kinds(node, &spoken));
    let categories = map.must("categories", |node| data::categories(node, &names));
    let absent = map.or("absent", Absent::default(), data::absent);
    let none = Absent::default();
    let around = data::Around {
        names: &names,
        seen: &seen,
        absent: absent.as_ref().unwrap_or(&none),
        denials: node.peek("absent"),
    };
    let instruments = map.or("instruments", Vec::new(), |node| data::instruments(node, &around));
    let accepts = map.or("accepts", Vec::new(), data::accepts);
    let countries = map.or("countries", BTreeMap::new(), data::countries);
    let calendars = map.or("calendars", BTreeMap::new(), clocks::calendars);
    let calendar = map.may("calendar", |node| clocks::counted_by(node, &names));
    let clocks = map.or("clocks", Vec::new(), |node| clocks::clocks(node, &spoken));
    let zone = map.may("timezone", zone);
    let hold = map.must("hold", |node| duties::hold(node, &names));
    let gag = map.must("gag", |node| duties::gag(node, &names));
    let notice = map.must("notice", duties::notice);
    let two_people = map.must("two_people", duties::two_people);
    let reasons = map.or("refusals", Vec::new(), |node| letters::refusals(node, &spoken));
    let letters = map.or("letters", Vec::new(), |node| letters::letters(node, &names, &seen));
    let texts = map.or("texts", BTreeMap::new(), |node| letters::texts(node, &names, &seen));
    let keep = map.must("keep", spans::keep);
    let report = map.must("report", duties::report);
    let idle = map.may("idle", duties::idle);
    let visits = map.may("visits", duties::visits);
    let (reasons, letters, texts, categories) = (reasons?, letters?, texts?, categories?);
    let own = languages::Own {
        map: &map,
        names: &names,
        seen: &seen,
        letters: &letters,
        reasons: &reasons,
        texts: &texts,
        categories: &categories,
    };
    let language = map.may("language", languages::tongue);
    let languages = map.or("languages", BTreeMap::new(), |node| languages::languages(node, &own));
    fields.whole()?;
    let unused = map.or("fields", Vec::new(), |node| Some(seen.unused(node)));
    let policy = Policy {
        version: String::new(),
        kinds: kinds?,
        reasons,
        categories,
        instruments: instruments?,
        accepts: accepts?,
        countries: countries?,
        clocks: clocks?,
        calendars: calendars?,
        calendar: calendar?,
        zone: zone?,
        hold: hold?,
        gag: gag?,
        notice: notice?,
        two_people: two_people?,
        letters,
        texts,
        keep: keep?,
        report: report?,
        idle: idle?,
        absent: absent?,
        visits: visits?,
        language: language?,
        languages: languages?,
    };
    Some(Read { policy, unused: unused? })
}
