//! How a conversation goes: where it stands, and what the next message makes of it. Changes nothing but the conversation; what is
//! handed in, the desk does.

use super::words::{
    change_to, clear_wishes, has_denial, is_one, number, says_no, says_yes, tongue_of, wishes, words,
};
use super::{Says, Told, Wish, says};
use crate::case::{CaseId, Tongue};

/// The longest message that is taken, in characters.
pub const LONGEST: usize = 4_000;
/// Whoever asks in so many words has said with them what is to be known.
const SAYS_IT_ALL: usize = 8;

/// Where a conversation with one user stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talk {
    /// The language, once it is known.
    pub tongue: Option<Tongue>,
    at: At,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum At {
    /// Nothing was said yet, or it is forgotten: a number means nothing.
    #[default]
    Start,
    /// They know what there is.
    Menu,
    /// They were asked what is to be known for it.
    Asked(Wish),
    /// It is about to be handed in, with these words.
    Ready(Wish, String),
    /// An erasure is, for the second time.
    Sure(String),
    /// They were asked which to take back.
    WhichBack(Vec<CaseId>),
    /// They were asked whether to take it back.
    Back(CaseId),
    /// They were asked whether what they wrote goes to a request.
    More(CaseId, String),
    /// What they wrote, where something else was asked, sounds like a wish of its own: they were asked which.
    Other(Wish, String, Box<At>),
}

impl At {
    /// Whether docket asked something.
    fn is_waited_for(&self) -> bool {
        !matches!(self, At::Start | At::Menu)
    }
}

/// What is known of their requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Those that can be taken back, newest first.
    pub open: Vec<CaseId>,
    /// The newest of all.
    pub newest: Option<CaseId>,
    /// The one for which they were asked for something.
    pub asked: Option<CaseId>,
    /// The one by which they ask to be erased, while nothing has come of it.
    pub erasing: Option<CaseId>,
}

/// What follows from a message: something is said, or first something is done or looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// They are told this.
    Says(Told),
    /// They hand it in.
    HandsIn(Wish, String),
    /// They want to know how far their requests are, or have none to take back.
    State,
    /// They are asked which to take back.
    WhichBack(Vec<CaseId>),
    /// They take it back.
    TakesBack(CaseId),
    /// What they wrote goes to their request.
    Adds(CaseId, String),
}

impl Talk {
    /// A conversation in a language that is known from before.
    pub fn in_tongue(tongue: Option<Tongue>) -> Talk {
        Talk { tongue, at: At::Start }
    }

    /// The language in which they are answered.
    pub fn speaks(&self) -> Tongue {
        self.tongue.unwrap_or_default()
    }

    /// Nothing is waited for any more: what was asked is answered, by what is on record.
    pub fn settle(&mut self) {
        self.at = At::Menu;
    }

    fn says(&self) -> &'static Says {
        says(self.speaks())
    }

    /// Takes in what they wrote.
    pub fn turn(&mut self, text: &str, known: &Known) -> Turn {
        let text = text.trim();
        if text.chars().nth(LONGEST).is_some() {
            return Turn::Says(Told::TooLong);
        }
        let said = words(text);
        if let Some(tongue) = change_to(&said) {
            self.tongue = Some(tongue);
            return self.menu(false);
        }
        let (is_yes, is_no, number) = (says_yes(&said), says_no(&said), number(&said));
        let at = std::mem::take(&mut self.at);
        if at.is_waited_for() && is_one(&said, self.says().menu) {
            return self.menu(false);
        }
        // Where a number is an answer, it is none that says no; and two of them are asked for at any time.
        let is_beside = |wish: Wish| matches!(wish, Wish::State | Wish::TakeBack);
        if let Some(case) = taken_back(text, &said, is_no, self.says(), known).filter(|_| at.is_waited_for())
        {
            return self.asks_back(case);
        }
        // Of the numbers of the menu only the first two answer what was asked; what they wrote is not lost by any.
        let wrote = matches!(&at, At::Ready(_, with) if !with.is_empty());
        let is_of_menu = number.is_some_and(|n| n > 2 && wish(n).is_some() && !wrote);
        let asks_beside = number.and_then(wish).is_some_and(is_beside)
            || (said.len() < SAYS_IT_ALL
                && matches!(wishes(&said, self.says()).as_slice(), [only] if is_beside(*only)));
        match at {
            At::Start => self.anew(text, &said, known, true),
            At::Menu => self.anew(text, &said, known, false),
            At::Asked(_) if number.is_some() => self.anew(text, &said, known, false),
            At::Asked(_) if is_one(&said, self.says().no) => self.dropped(Told::Dropped),
            At::Asked(wish) => self.with_words(wish, String::new(), text),
            At::Ready(Wish::Erase, with) if is_yes => match known.erasing.filter(|_| with.is_empty()) {
                // Nobody is asked twice for what they have asked for.
                Some(same) => self.dropped(Told::AskedAlready(same)),
                None => {
                    self.at = At::Sure(with);
                    Turn::Says(Told::Twice)
                }
            },
            At::Ready(wish, with) if is_yes => {
                self.at = At::Menu;
                Turn::HandsIn(wish, with)
            }
            At::Ready(..) if is_no => self.dropped(Told::Dropped),
            At::Ready(..) | At::More(..) if asks_beside => self.anew(text, &said, known, false),
            At::Ready(..) if is_of_menu => self.anew(text, &said, known, false),
            At::Ready(wish, with) => match self.means_another(text, &said, Some(wish)) {
                Some(other) => self.asks_which(other, text.to_owned(), At::Ready(wish, with)),
                None => {
                    let more = if number.is_some() || said.is_empty() { "" } else { text };
                    self.with_words(wish, with, more)
                }
            },
            At::Other(wish, text, _) if is_yes => self.with_words(wish, String::new(), &text),
            At::Other(_, text, before) if is_no => match *before {
                At::Ready(wish, with) => self.with_words(wish, with, &text),
                At::More(case, before) => self.asks_more(case, before, &text),
                // Nothing else is ever set aside.
                _ => self.menu(false),
            },
            At::Other(wish, before, at) => {
                let more = if number.is_some() || said.is_empty() { "" } else { text };
                self.asks_which(wish, joined(before, more), *at)
            }
            At::Sure(with) if is_one(&said, &[self.says().erase]) => {
                self.at = At::Menu;
                Turn::HandsIn(Wish::Erase, with)
            }
            At::Sure(_) if is_no => self.dropped(Told::Dropped),
            At::Sure(_) => self.dropped(Told::NotTheWord),
            At::WhichBack(_) if number.is_none() && is_no => self.dropped(Told::Dropped),
            At::WhichBack(cases) => {
                // A bare number is that of the list.
                let meant = match number {
                    Some(n) => nth(&cases, n),
                    None => CaseId::read(text),
                };
                match meant.filter(|case| cases.contains(case)) {
                    Some(case) => self.asks_back(case),
                    None => {
                        self.at = At::WhichBack(cases.clone());
                        Turn::WhichBack(cases)
                    }
                }
            }
            At::Back(case) if is_yes => {
                self.at = At::Menu;
                Turn::TakesBack(case)
            }
            At::Back(case) if is_no => self.dropped(Told::Stays(case)),
            At::Back(case) => self.asks_back(case),
            At::More(case, text) if is_yes => {
                self.at = At::Menu;
                Turn::Adds(case, text)
            }
            At::More(..) if is_no => self.dropped(Told::Dropped),
            At::More(case, before) => match self.means_another(text, &said, None) {
                Some(other) => self.asks_which(other, text.to_owned(), At::More(case, before)),
                None => {
                    let more = if number.is_some() || said.is_empty() { "" } else { text };
                    self.asks_more(case, before, more)
                }
            },
        }
    }

    /// What they want, where nothing waits for an answer.
    fn anew(&mut self, text: &str, said: &[String], known: &Known, is_first: bool) -> Turn {
        self.at = At::Menu;
        if !is_first && let Some(wish) = number(said).and_then(wish) {
            return self.begins(wish, "", known);
        }
        if is_link(text) {
            return self.with_words(Wish::Report, String::new(), text);
        }
        if let Some(tongue) = tongue_of(said, self.speaks()) {
            self.tongue = Some(tongue);
        }
        if is_one(said, self.says().menu) {
            return self.menu(is_first);
        }
        if is_one(said, self.says().thanks) {
            return Turn::Says(Told::Thanked);
        }
        let found = wishes(said, self.says());
        let is_denied = has_denial(said) && found.contains(&Wish::Erase);
        let is_words = number(said).is_none() && !said.is_empty() && !says_yes(said) && !says_no(said);
        // What they were asked for last is what they most likely answer.
        if let Some(case) = known.asked.filter(|_| is_words) {
            return match found.as_slice() {
                [wish @ (Wish::State | Wish::TakeBack)] => self.begins(*wish, "", known),
                _ => match self.means_another(text, said, None) {
                    Some(other) => self.asks_which(other, text.to_owned(), At::More(case, String::new())),
                    None => self.asks_more(case, String::new(), text),
                },
            };
        }
        match (found.as_slice(), known.newest.filter(|_| is_words)) {
            _ if is_denied => self.menu(is_first),
            ([], Some(case)) => self.asks_more(case, String::new(), text),
            ([], None) if is_first => self.menu(true),
            ([], None) => Turn::Says(Told::NotUnderstood),
            ([only], _) => self.begins(*only, if said.len() >= SAYS_IT_ALL { text } else { "" }, known),
            (several, _) => Turn::Says(Told::Which(several.to_vec())),
        }
    }

    fn begins(&mut self, wish: Wish, text: &str, known: &Known) -> Turn {
        match wish {
            Wish::State => Turn::State,
            Wish::TakeBack => match known.open.as_slice() {
                [] => Turn::State,
                [only] => self.asks_back(*only),
                several => {
                    self.at = At::WhichBack(several.to_vec());
                    Turn::WhichBack(several.to_vec())
                }
            },
            Wish::Correct | Wish::Object | Wish::Restrict | Wish::Report if text.is_empty() => {
                self.at = At::Asked(wish);
                Turn::Says(Told::Asks(wish))
            }
            Wish::Copy
            | Wish::Correct
            | Wish::Erase
            | Wish::Object
            | Wish::Restrict
            | Wish::Held
            | Wish::Report => self.with_words(wish, String::new(), text),
        }
    }

    /// What is about to be handed in, with what they wrote so far.
    fn with_words(&mut self, wish: Wish, before: String, text: &str) -> Turn {
        let words = joined(before, text);
        if words.chars().nth(LONGEST).is_some() {
            self.at = At::Ready(wish, words.chars().take(LONGEST).collect());
            return Turn::Says(Told::TooLong);
        }
        self.at = At::Ready(wish, words.clone());
        if words.is_empty() {
            Turn::Says(Told::Offered(wish))
        } else {
            Turn::Says(Told::WithWords(wish, words))
        }
    }

    /// Another wish that a text says in so many words, where this one is asked for or, if none is, something about a request: who is
    /// threatened, or wants to be erased, must not be heard as if they answered.
    fn means_another(&self, text: &str, said: &[String], asked: Option<Wish>) -> Option<Wish> {
        if is_link(text) && asked != Some(Wish::Report) {
            return Some(Wish::Report);
        }
        let clear = clear_wishes(said, self.says());
        if asked.is_some_and(|asked| clear.contains(&asked)) {
            return None;
        }
        clear.into_iter().find(|wish| match wish {
            Wish::Report => true,
            // An answer may speak of what is to be corrected or erased.
            Wish::Erase => asked.is_some_and(|asked| asked != Wish::Report) && !has_denial(said),
            _ => false,
        })
    }

    /// Asks whether they mean that instead of what was asked, which is set aside.
    fn asks_which(&mut self, wish: Wish, words: String, before: At) -> Turn {
        let told = if words.chars().nth(LONGEST).is_some() { Told::TooLong } else { Told::Another(wish) };
        self.at = At::Other(wish, words.chars().take(LONGEST).collect(), Box::new(before));
        Turn::Says(told)
    }

    fn asks_back(&mut self, case: CaseId) -> Turn {
        self.at = At::Back(case);
        Turn::Says(Told::AsksBack(case))
    }

    /// Whether what they wrote goes to a request, behind what they wrote of it before.
    fn asks_more(&mut self, case: CaseId, before: String, text: &str) -> Turn {
        let words = joined(before, text);
        if words.chars().nth(LONGEST).is_some() {
            self.at = At::More(case, words.chars().take(LONGEST).collect());
            return Turn::Says(Told::TooLong);
        }
        self.at = At::More(case, words.clone());
        Turn::Says(Told::AsksMore(case, words))
    }

    fn dropped(&mut self, told: Told) -> Turn {
        self.at = At::Menu;
        Turn::Says(told)
    }

    fn menu(&mut self, greets: bool) -> Turn {
        self.at = At::Menu;
        Turn::Says(Told::Menu { greets })
    }
}

/// The request of theirs that they name, where they say that it is to stop.
fn taken_back(text: &str, said: &[String], is_no: bool, says: &Says, known: &Known) -> Option<CaseId> {
    let is_it = is_no || clear_wishes(said, says).contains(&Wish::TakeBack);
    let is_name = |word: &&str| !word.starts_with(|c: char| c.is_ascii_digit());
    let mut named = text.split_whitespace().filter(is_name).filter_map(CaseId::read);
    named.find(|case| is_it && known.open.contains(case))
}

/// What they wrote, and what they wrote behind it.
fn joined(before: String, text: &str) -> String {
    match (before.is_empty(), text.is_empty()) {
        (true, _) => text.to_owned(),
        (false, true) => before,
        (false, false) => format!("{before}\n{text}"),
    }
}

/// The wish of a number.
fn wish(number: usize) -> Option<Wish> {
    Wish::ALL.get(number.checked_sub(1)?).copied()
}

fn nth(cases: &[CaseId], n: usize) -> Option<CaseId> {
    cases.get(n.checked_sub(1)?).copied()
}

/// Whether somebody passed on the link of a message or of a room.
fn is_link(text: &str) -> bool {
    ["https://matrix.to/#/", "matrix:roomid/", "matrix:r/"].iter().any(|link| text.contains(link))
}
