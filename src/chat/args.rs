//! The arguments of one command, taken one by one; what is left over at the end is named, never passed over.

use super::asked::{Asked, Asking};
use super::named;
use super::slip::Slip;
use super::verbs::Verb;
use super::words::{Arg, Op, Words};
use crate::case::near;
use crate::case::{Account, CaseId, Key};

/// The arguments of one command.
pub struct Args<'a> {
    /// Who asks, about what, when.
    pub asking: &'a Asking<'a>,
    /// The command as typed.
    pub words: &'a Words,
    verb: &'static Verb,
    left: Vec<&'a Arg>,
    /// How many arguments have been taken from the front.
    taken: usize,
    /// The numbers of the lines that have been taken.
    lines: Vec<usize>,
}

impl<'a> Args<'a> {
    /// The arguments of `words`, none taken.
    pub fn new(verb: &'static Verb, words: &'a Words, asking: &'a Asking<'a>) -> Args<'a> {
        Args { asking, words, verb, left: words.args.iter().collect(), taken: 0, lines: Vec::new() }
    }

    /// The case that the command names. It must be named: what a thread says about itself is not sealed, and a server could
    /// bend it.
    pub fn case(&mut self) -> Result<CaseId, Slip> {
        if let Some(id) = self.named_case()? {
            return Ok(id);
        }
        match self.asking.about {
            Some(about) => Err(Slip::NameTheCase { command: self.with_case(about) }),
            None => Err(Slip::WhichCase { verb: self.verb.name }),
        }
    }

    /// The case that the command names, or else that of the thread: enough for reading and for notes.
    pub fn case_or_thread(&mut self) -> Result<CaseId, Slip> {
        match self.named_case()? {
            Some(id) => Ok(id),
            None => self.asking.about.ok_or(Slip::WhichCase { verb: self.verb.name }),
        }
    }

    /// The case that the command names, or else that of the thread, or none: what it is about may be no case.
    pub fn case_or_thread_or_none(&mut self) -> Result<Option<CaseId>, Slip> {
        Ok(self.named_case()?.or(self.asking.about))
    }

    /// In a thread a bare number is text, so that `note 42 people called` keeps its 42.
    pub fn case_or_thread_before_text(&mut self) -> Result<CaseId, Slip> {
        match (self.first_word(), self.asking.about) {
            (Some(word), Some(about)) if word.bytes().all(|b| b.is_ascii_digit()) => Ok(about),
            _ => self.case_or_thread(),
        }
    }

    fn named_case(&mut self) -> Result<Option<CaseId>, Slip> {
        let Some(word) = self.first_word() else {
            return Ok(None);
        };
        let Some(id) = CaseId::read(&undotted(word).replace(['–', '—', '‑', '−'], "-")) else {
            // C-, C-0, C-99999999999: meant as a case, and none.
            let meant = word.trim_start_matches(['C', 'c', '#']).trim_start_matches('-');
            if meant.len() < word.len() && !meant.is_empty() && meant.bytes().all(|b| b.is_ascii_digit()) {
                let why = if meant.bytes().all(|b| b == b'0') {
                    "case numbers count from 1"
                } else {
                    "no case has so large a number"
                };
                let (what, why) = ("the case".to_owned(), why.to_owned());
                return Err(Slip::Unread { what, typed: word.to_owned(), why });
            }
            return Ok(None);
        };
        let bare = undotted(word).bytes().all(|b| b.is_ascii_digit());
        if bare && self.asking.about.is_some_and(|about| about != id) {
            return Err(Slip::BareNumber { typed: word.to_owned(), written: id });
        }
        self.skip();
        Ok(Some(id))
    }

    /// Whether a plain word comes next.
    pub fn has_word(&self) -> bool {
        self.first_word().is_some()
    }

    /// The next plain word, if the next argument is one.
    pub fn word(&mut self) -> Option<&'a str> {
        let word = self.first_word()?;
        self.skip();
        Some(undotted(word))
    }

    /// What the most of the next plain words name together; the others are left.
    pub fn longest<T>(&mut self, most: usize, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let word = |arg: &Arg| match arg {
            Arg::Word(word) => Some(word.clone()),
            Arg::Pair { .. } => None,
        };
        let words: Vec<String> = self.left.iter().map_while(|arg| word(arg)).take(most).collect();
        let named = |count: usize| find(&words.get(..count)?.join(" ")).map(|found| (count, found));
        let (count, found) = (1..=words.len()).rev().find_map(named)?;
        self.left.drain(..count);
        self.taken += count;
        Some(found)
    }

    /// The next plain word, which must be there.
    pub fn need_word(&mut self, what: &'static str) -> Result<&'a str, Slip> {
        self.word().ok_or(Slip::Missing { what, verb: self.verb.name })
    }

    /// All plain words that are left, wherever they stand.
    pub fn words_left(&mut self) -> Vec<&'a str> {
        let mut words = Vec::new();
        self.left.retain(|arg| match arg {
            Arg::Word(word) => {
                words.push(word.as_str());
                false
            }
            Arg::Pair { .. } => true,
        });
        words
    }

    /// The value of `key=value` or of a line `Key: value`, under any of these names. A key with nothing behind it was not
    /// meant to say nothing.
    pub fn value(&mut self, names: &[&str]) -> Result<Option<&'a str>, Slip> {
        match self.pair_or_line(names) {
            Some((typed, "")) => Err(Slip::Blank { typed: typed.to_owned(), verb: self.verb.name }),
            Some((typed, value)) if is_placeholder(value) => {
                Err(Slip::Placeholder { typed: typed.to_owned() })
            }
            found => Ok(found.map(|(_, value)| value)),
        }
    }

    /// The key as typed and the value of `key=value`, without blanks around it.
    pub fn pair(&mut self, names: &[&str]) -> Option<(&'a str, &'a str)> {
        let found = self.left.iter().position(|arg| match arg {
            Arg::Pair { key, op: Op::Set, .. } => names.iter().any(|name| key.is(name)),
            Arg::Pair { .. } | Arg::Word(_) => false,
        });
        match found.map(|at| self.left.remove(at)) {
            Some(Arg::Pair { key, value, .. }) => Some((key.as_str(), value.trim())),
            Some(Arg::Word(_)) | None => None,
        }
    }

    /// The same of a pair, or else of a line.
    fn pair_or_line(&mut self, names: &[&str]) -> Option<(&'a str, &'a str)> {
        if let Some(pair) = self.pair(names) {
            return Some(pair);
        }
        let line = self.words.lines.iter().find(|line| names.iter().any(|name| line.key.is(name)))?;
        self.lines.push(line.number);
        Some((&line.label, line.value.trim()))
    }

    /// The value of a key, or else all plain words that are left.
    pub fn value_or_words(&mut self, names: &[&str]) -> Result<Option<String>, Slip> {
        Ok(match self.value(names)? {
            Some(value) => Some(value.to_owned()),
            None => Some(self.words_left().join(" ")).filter(|words| !words.is_empty()),
        })
    }

    /// All pairs that are left.
    pub fn pairs_left(&mut self) -> Vec<(&'a str, Op, &'a str)> {
        let mut pairs = Vec::new();
        self.left.retain(|arg| match arg {
            Arg::Pair { key, op, value } => {
                pairs.push((key.as_str(), *op, value.as_str()));
                false
            }
            Arg::Word(_) => true,
        });
        pairs
    }

    /// Everything behind the arguments taken so far, to the letter.
    pub fn text(&self) -> &'a str {
        self.words.after(self.taken)
    }

    /// Which page of a list, from 1.
    pub fn page(&mut self) -> Result<usize, Slip> {
        let Some(typed) = self.value(&["page", "p"])? else {
            return Ok(1);
        };
        match typed.parse() {
            Ok(page @ 1..=10_000) => Ok(page),
            _ => Err(Slip::Unread {
                what: "page".to_owned(),
                typed: typed.to_owned(),
                why: "a page is a number from 1 on".to_owned(),
            }),
        }
    }

    /// One of several words.
    pub fn one_of<T: Copy>(typed: &str, choices: &[(&str, T)]) -> Result<T, Slip> {
        let folded = undotted(typed).to_lowercase();
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == folded) {
            return Ok(*choice);
        }
        let choices = choices.iter().map(|(name, _)| (*name).to_owned()).collect();
        Err(Slip::NotOneOf { typed: typed.to_owned(), choices })
    }

    /// The listed person who is meant: `me`, a whole account, or the name before the colon if only one has it.
    pub fn person(&self, typed: &str) -> Result<Account, Slip> {
        if typed.eq_ignore_ascii_case("me") {
            return Ok(self.asking.sender.clone());
        }
        if let Ok(account) = named::read_account(typed) {
            return Ok(account);
        }
        let name = typed.strip_prefix('@').unwrap_or(typed);
        let mut people = self.asking.terms.people.iter().map(|person| &person.account);
        let mut called = people.by_ref().filter(|account| account.localpart().eq_ignore_ascii_case(name));
        match (called.next(), called.next()) {
            (Some(only), None) => Ok(only.clone()),
            (Some(_), Some(_)) => Err(Slip::SeveralCalled { typed: typed.to_owned() }),
            (None, _) => Err(Slip::NobodyCalled { typed: typed.to_owned() }),
        }
    }

    /// Ends the reading of a verb without keys: what nobody took is named.
    pub fn done(&mut self, asked: Asked) -> Result<Asked, Slip> {
        self.done_with(&[], asked)
    }

    /// Ends the reading: what nobody took is named. `keys` are those that the verb knows.
    pub fn done_with(&mut self, keys: &[&str], asked: Asked) -> Result<Asked, Slip> {
        match self.left.first() {
            Some(Arg::Word(word)) => {
                return Err(Slip::Extra { typed: word.clone(), verb: self.verb.name });
            }
            Some(Arg::Pair { key, .. }) => return Err(self.left_over(key.as_str(), key, keys)),
            None => {}
        }
        let left = self.words.lines.iter();
        if let Some(line) = left.into_iter().find(|line| !self.lines.contains(&line.number)) {
            return Err(self.left_over(&line.label, &line.key, keys));
        }
        match self.words.stray.first() {
            Some((_, text)) => Err(Slip::Extra { typed: text.clone(), verb: self.verb.name }),
            None => Ok(asked),
        }
    }

    /// What is wrong with a key that nobody took.
    fn left_over(&self, typed: &str, key: &Key, keys: &[&str]) -> Slip {
        if keys.iter().any(|known| key.is(known)) {
            return Slip::Twice { typed: typed.to_owned(), verb: self.verb.name };
        }
        let near = near::nearest(typed, keys.iter().copied()).map(str::to_owned);
        Slip::NoSuchKey { typed: typed.to_owned(), near, verb: self.verb.name }
    }

    /// The whole command with the case put in, to copy.
    fn with_case(&self, case: CaseId) -> String {
        let head = format!("{} {} {case}", self.asking.terms.prefix(), self.verb.name);
        let rest = self.words.after(0);
        // What stands on further lines stays there.
        let between = if self.words.tail.is_empty() { "\n" } else { " " };
        if rest.is_empty() { head } else { format!("{head}{between}{rest}") }
    }

    fn first_word(&self) -> Option<&'a str> {
        match self.left.first() {
            Some(Arg::Word(word)) => Some(word),
            Some(Arg::Pair { .. }) | None => None,
        }
    }

    fn skip(&mut self) {
        self.left.remove(0);
        self.taken += 1;
    }
}

/// A word without the one mark that ended the sentence in which somebody found the command to copy.
pub(super) fn undotted(word: &str) -> &str {
    let bare = word.strip_suffix(['.', ',', ';']);
    bare.filter(|bare| bare.ends_with(char::is_alphanumeric)).unwrap_or(word)
}

/// The dots that stand in docket's own commands where a person's words belong: copied as they are, they say nothing.
pub(super) fn is_placeholder(value: &str) -> bool {
    matches!(value.trim(), "…" | "..." | "....")
}
