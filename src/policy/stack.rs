//! Packs and the operator's own file on top of each other: what one says stands in the place of what those before it say.
//!
//! Does not read what they say, and opens no file; whoever does hands in its text.

use std::collections::BTreeSet;

use super::gaps::gaps;
use super::packs::{PACKS, SHARED, pack};
use super::read::{self, ASIDE, Read};
use super::wrong::{TakenOff, lines};
use crate::case::{Policy, Tongue, is_the_same_in_all};
use crate::yaml::{Found, Node, Place, Replaced, Sheet, Stack, Way, nearest, quoted, unknown};

/// More than any operator writes.
pub const LONGEST: usize = 256 * 1024;

/// A policy is put on record whole, and a record has an end.
const LARGEST: usize = 2 << 20;

/// More layers than anybody stacks; what a file continues is counted behind them.
const FILE: usize = 1_000;

/// One thing that a policy is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer<'t> {
    /// A pack that is shipped inside, by its name.
    Pack(&'static str),
    /// A file of the operator's.
    File {
        /// How it is spoken of, such as its path.
        name: &'t str,
        /// What stands in it.
        text: &'t str,
    },
}

/// What has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The policy.
    pub policy: Policy,
    /// What a later layer replaced of an earlier one, and which kinds lack a line that is spoken of: a sentence each.
    pub notes: Vec<String>,
    /// The whole as one file, without comments.
    pub yaml: String,
}

/// Why there is no policy: every mistake, as `file:line:column: sentence`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<String>);

impl Taken {
    /// What there is, and what a later layer replaced, a line each.
    pub fn told(&self) -> String {
        let Policy { kinds, clocks, instruments, categories, letters, reasons, .. } = &self.policy;
        let said = [
            counted(kinds.len(), "kind", "kinds"),
            counted(clocks.len(), "clock", "clocks"),
            counted(instruments.len(), "instrument", "instruments"),
            counted(categories.len(), "category of data", "categories of data"),
            counted(letters.len(), "letter", "letters"),
            counted(reasons.len(), "reason to refuse", "reasons to refuse"),
        ];
        let first = format!("no mistakes: {} ({})", said.join(", "), self.policy.version);
        [first].into_iter().chain(self.notes.iter().cloned()).collect::<Vec<_>>().join("\n")
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

impl Mistakes {
    /// How many there are.
    pub fn counted(&self) -> String {
        counted(self.0.len(), "mistake", "mistakes")
    }
}

impl std::fmt::Display for Mistakes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

/// Reads the layers, the first at the bottom; each brings the packs that it continues.
pub fn stack(layers: &[Layer<'_>]) -> Result<Taken, Mistakes> {
    let mut pile = Pile {
        stack: Stack::new(),
        laid: Vec::new(),
        begun: BTreeSet::new(),
        taken_off: Vec::new(),
        stands_alone: false,
        is_cut: false,
        unsaid: Vec::new(),
    };
    let mut names: Vec<String> = Vec::new();
    for (number, layer) in layers.iter().enumerate() {
        names.extend(pile.put(layer, number));
    }
    names.dedup();
    let name = names.join("+");
    let Pile { stack, laid, taken_off, stands_alone, is_cut, unsaid, .. } = pile;
    let read = stack.read(|node| {
        let is_own = |place: Place| laid.get(place.source).is_none_or(|laid| !laid.is_pack);
        let mut read = read::policy(node, &is_own)?;
        read.policy.version = version(&name, &read.policy, node)?;
        Some((read, format!("name: {name}\n{}", node.written())))
    });
    match read {
        Ok(((Read { policy, unused }, yaml), replaced)) => {
            let notes = replaced.iter().filter(|one| is_conflict(one, &laid)).map(|one| sentence(one, &laid));
            let notes = notes.chain(unsaid).chain(gaps(&policy, &unused)).collect();
            Ok(Taken { policy, notes, yaml })
        }
        Err(mut found) => {
            // What would be wrong in a pack may be said otherwise behind the slip.
            let is_of_pack =
                |(mistake, _): &Found| laid.get(mistake.place.source).is_some_and(|laid| laid.is_pack);
            found.retain(|one| !is_cut || !is_of_pack(one));
            let lines = lines(&found, &laid, &taken_off);
            let lacks = |(mistake, _): &&Found| mistake.message.starts_with("the file lacks `");
            let alone = found.iter().find(lacks).filter(|_| stands_alone).and_then(|(mistake, _)| {
                let Laid { file, .. } = laid.get(mistake.place.source)?;
                Some(format!(
                    "{file}:{}: the file continues no pack, so it must say everything itself; to change or add only some \
                     things, write `after: [{}]`, or another pack",
                    mistake.place,
                    super::DEFAULT
                ))
            });
            Err(Mistakes(alone.into_iter().chain(lines).collect()))
        }
    }
}

/// The name that cases are pinned to: the policy's own, and a sum of what it says.
fn version(name: &str, policy: &Policy, node: Node<'_>) -> Option<String> {
    let bytes = serde_json::to_vec(policy).unwrap_or_default();
    if bytes.is_empty() || bytes.len() > LARGEST {
        node.wrong_at(node.owner(), "the policy is too long to be put on record; give its kinds fewer lines");
        return None;
    }
    let sum = blake3::hash(&bytes).to_hex();
    Some(format!("{name}/{}", sum.get(..8).unwrap_or_default()))
}

/// The files that were laid on, in the order of their numbers.
pub(super) struct Laid {
    /// Which layer brought it.
    layer: usize,
    /// Whether it is shipped inside.
    pub(super) is_pack: bool,
    /// How it is spoken of in mistakes.
    pub(super) file: String,
    /// How it is spoken of in notes.
    name: String,
}

struct Pile<'t> {
    stack: Stack<'t>,
    laid: Vec<Laid>,
    begun: BTreeSet<&'static str>,
    taken_off: Vec<TakenOff>,
    /// Whether the operator's own file lies at the bottom.
    stands_alone: bool,
    /// Whether a file is cut off at a slip.
    is_cut: bool,
    /// What is said in fewer languages than before: a sentence each.
    unsaid: Vec<String>,
}

impl<'t> Pile<'t> {
    /// Lays one on, behind the packs that it continues, and gives its name. A pack lies there once.
    fn put(&mut self, layer: &Layer<'t>, of: usize) -> Option<String> {
        let (file, text) = match layer {
            Layer::Pack(name) if !self.begun.insert(name) => return None,
            Layer::Pack(name) => (format!("{name}.yaml"), pack(name)?),
            Layer::File { name, text } => ((*name).to_owned(), *text),
        };
        let is_pack = matches!(layer, Layer::Pack(_));
        let number = self.laid.len();
        self.laid.push(Laid { layer: of, is_pack, name: file.clone(), file });
        let mut sheet = self.stack.parse(text, LONGEST)?;
        self.is_cut |= sheet.is_cut();
        self.stands_alone |= number == 0 && !is_pack;
        let Some(Head { name, after, remove, is_whole }) = head(self.stack.look(&sheet), is_pack) else {
            self.stack.give_up();
            return None;
        };
        if !is_whole {
            sheet.cut_throughout();
        }
        if let Some(laid) = self.laid.get_mut(number) {
            laid.name.clone_from(&name);
        }
        self.stands_alone &= after.is_empty();
        for (at, pack) in after.into_iter().enumerate() {
            // What an operator's file stacks are layers of their own; what a pack continues is a part of it.
            self.put(&Layer::Pack(pack), if is_pack { of } else { of + (at + 1) * FILE });
        }
        self.take_off(&remove, &sheet, is_pack);
        self.untranslate(&remove, &sheet, is_pack);
        self.stack.lay(sheet, &|path| way(path, is_pack));
        Some(name)
    }

    /// Takes off what earlier layers say in other languages of what this one takes off or words anew: it would say what is not so. What an
    /// operator words anew and does not say in those again is noted.
    fn untranslate(&mut self, removed: &[(String, usize)], sheet: &Sheet<'t>, is_pack: bool) {
        for (path, _) in removed {
            for tongue in Tongue::ALL {
                self.stack.take_off(&format!("languages/{}/{path}", tongue.code()));
            }
        }
        for (path, again) in worded(self.stack.look(sheet)) {
            let take_off = |tongue: &Tongue| {
                let was = self.stack.take_off(&format!("languages/{}/{path}", tongue.code()));
                was && !again.contains(tongue)
            };
            let lost: Vec<&str> = Tongue::ALL.into_iter().filter(take_off).map(Tongue::name).collect();
            if !lost.is_empty() && !is_pack {
                self.unsaid.push(format!(
                    "{} is worded anew, and not in {}: {}; say it under `languages` too",
                    quoted(&path),
                    lost.join(" and "),
                    if path.starts_with("categories/") {
                        "users who ask what is held read it in the policy’s own language"
                    } else {
                        "letters that need it go out in the policy’s own language"
                    }
                ));
            }
        }
    }

    fn take_off(&mut self, paths: &[(String, usize)], sheet: &Sheet<'t>, is_pack: bool) {
        for (path, at) in paths {
            let is_off = self.stack.take_off(path);
            let items = self.stack.look(sheet).entries().unwrap_or_default();
            let remove = items.iter().find(|(key, _)| key.name() == "remove");
            let items = remove.and_then(|(_, value)| value.any_number()).unwrap_or_default();
            match items.get(*at) {
                Some(item) if is_off && !is_pack => {
                    self.taken_off.push(TakenOff { path: path.clone(), place: item.place() });
                }
                Some(item) if !is_off => {
                    let there = self.stack.names();
                    let there = there.iter().map(String::as_str);
                    item.wrong(unknown("inherited part", path, there));
                }
                Some(_) | None => {}
            }
        }
    }
}

/// What a file words, by its path, and the languages in which it says the same besides.
fn worded(top: Node<'_>) -> Vec<(String, Vec<Tongue>)> {
    let mut found = Vec::new();
    let parts = [
        ("letters", &["text", "in_part"][..]),
        ("refusals", &["text"]),
        ("texts", &[]),
        ("categories", &["title", "why"]),
    ];
    for (part, words) in parts {
        let there = top.peek(part).filter(|node| node.is_map());
        for (key, value) in there.and_then(|node| node.entries()).unwrap_or_default() {
            if words.is_empty() || words.iter().any(|word| value.peek(word).is_some()) {
                let said = |tongue: &Tongue| {
                    let said = top.peek("languages").and_then(|node| node.peek(tongue.code())?.peek(part));
                    said.and_then(|node| node.peek(key.name())).is_some()
                };
                // A name and an address are the same in all of them.
                let is_same =
                    part == "texts" && value.text().is_some_and(|text| is_the_same_in_all(key.name(), text));
                let again = Tongue::ALL.into_iter().filter(|tongue| is_same || said(tongue)).collect();
                found.push((format!("{part}/{}", key.name()), again));
            }
        }
    }
    found
}

/// What a file says of itself.
struct Head {
    name: String,
    after: Vec<&'static str>,
    /// Each with its place in the list.
    remove: Vec<(String, usize)>,
    /// Whether all that it continues is known: behind a slip may stand more.
    is_whole: bool,
}

fn head(node: Node<'_>, is_pack: bool) -> Option<Head> {
    let entries = node.entries()?;
    let value = |wanted: &str| entries.iter().find(|(key, _)| key.name() == wanted).map(|(_, value)| *value);
    let called = match value("name") {
        Some(value) if !is_pack && value.text().is_some_and(is_shipped) => {
            value.wrong(format_args!(
                "{} is a pack that docket ships; call yours otherwise, so that its cases can be told from those of the pack",
                quoted(value.text().unwrap_or_default())
            ));
            None
        }
        Some(value) => value.line().filter(|line| is_name(line)).map(str::to_owned).or_else(|| {
            value.wrong("`name` is one word of small letters, digits and hyphens; it stands on every case");
            None
        }),
        None if node.is_cut() => None,
        None => {
            node.wrong_at(node.owner(), "the file lacks `name`: what the policy is called on every case");
            None
        }
    };
    let after = match value("after") {
        Some(value) => value.any_number().map(|items| {
            let is_empty = items.is_empty();
            let mut packs: Vec<&'static str> = items.into_iter().filter_map(continued).collect();
            // Every name was wrong, and the file is read on top of what all packs share, so that its other mistakes show.
            if packs.is_empty() && !is_empty {
                packs.push(BARE);
            }
            packs
        }),
        None => Some(Vec::new()),
    };
    let remove = match value("remove") {
        Some(value) => value.any_number().and_then(|items| {
            let paths = items.iter().enumerate().map(|(at, item)| Some((item.line()?.trim().to_owned(), at)));
            paths.collect::<Option<Vec<_>>>()
        }),
        None => Some(Vec::new()),
    };
    // What a slip took with it is told there.
    let after = after.or_else(|| value("after")?.is_cut().then(Vec::new));
    let remove = remove.or_else(|| value("remove")?.is_cut().then(Vec::new));
    // Without a name the rest can be read all the same; without what it continues it cannot.
    let is_whole = value("after").map_or(!node.is_cut(), |after| !after.is_cut());
    Some(Head { name: called.unwrap_or_default(), after: after?, remove: remove?, is_whole })
}

/// What all packs share, and nothing of any country's law.
const BARE: &str = "base";

fn is_shipped(name: &str) -> bool {
    PACKS.iter().chain(SHARED).any(|pack| *pack == name.trim())
}

fn is_name(line: &str) -> bool {
    line.len() <= 40
        && line.split(['+', '-']).all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

fn continued(node: Node<'_>) -> Option<&'static str> {
    let typed = node.line()?.trim();
    let all = || PACKS.iter().chain(SHARED).copied();
    if let Some(found) = all().find(|pack| *pack == typed) {
        return Some(found);
    }
    let wrong = unknown("pack", typed, PACKS.iter().copied());
    let meant = nearest(typed, all());
    match meant {
        Some(_) => node.wrong(format_args!("{wrong} (the rest is checked as if it were that)")),
        None => node.wrong(format_args!("{wrong} (the rest is checked without it)")),
    }
    // The near one: nobody wants to hear of every name that only that pack has.
    meant.and_then(|meant| all().find(|pack| *pack == meant))
}

/// How what stands under these keys is laid on what an earlier layer has there.
fn way(path: &[String], is_pack: bool) -> Way {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [key] if ASIDE.contains(key) => Way::Aside,
        // A country that one pack accepts is not redirected because of another; an operator's own list is the list.
        ["accepts"] if is_pack => Way::Joined,
        // What is counted where packs meet ends no later than by either alone; an operator's own list is the list.
        ["calendar"] if is_pack => Way::Joined,
        // Nor does the name go by which the law of one country knows an order that another's knows too.
        ["instruments", _, "known_by" | "countries"] if is_pack => Way::Joined,
        ["fields", _, "form"] | ["clocks", _, "only"] => Way::Whole,
        _ => Way::InPart,
    }
}

/// Whether it is between two layers, and not a pack's own word on what packs share.
fn is_conflict(Replaced { earlier: (first, _), later: (then, _), .. }: &Replaced, laid: &[Laid]) -> bool {
    let (Some(first), Some(then)) = (laid.get(*first), laid.get(*then)) else {
        return false;
    };
    let is_shared = first.is_pack && SHARED.contains(&first.name.as_str());
    first.layer != then.layer && !(then.is_pack && is_shared)
}

fn sentence(replaced: &Replaced, laid: &[Laid]) -> String {
    let Replaced { path, earlier: (first, old), later: (then, new), joined, items } = replaced;
    let name = |number: &usize| laid.get(*number).map_or("?", |laid| laid.name.as_str());
    let (first, then) = (name(first), name(then));
    if *joined {
        return format!("`{path}` of `{first}` {old} and of `{then}` {new} are joined");
    }
    // Of lists what comes and goes, by name: that is what somebody must know.
    if let Some((added, lost)) = items {
        let said = [("adds", added), ("leaves out", lost)];
        let said = said.iter().filter(|(_, items)| !items.is_empty());
        let said: Vec<String> = said.map(|(does, items)| format!("{does} {}", items.join(", "))).collect();
        let said = if said.is_empty() { "puts it in another order".to_owned() } else { said.join("; ") };
        return format!("`{path}` of `{first}` is replaced by `{then}`, which {said}");
    }
    format!("`{path}` of `{first}` ({old}) is replaced by `{then}` ({new})")
}
