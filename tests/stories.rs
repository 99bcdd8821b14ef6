//! Runs the pages in `tests/stories/`: each is one session of `docket try`, told in prose.
//!
//! A fenced block marked `try` is what is typed; the block marked `answer` behind it is what must come back. To rewrite
//! every answer to what comes back today, create the file `target/rewrite-stories` (`just stories`), then read the diff.
//! A line `Policy: rocket-chat` below the title names the packs that a page plays under; without one it is the default. The
//! daily overviews are left out of an answer, but for pages with the line `Digests: shown`. In what is typed, `CODE` stands
//! for the code of the last proposal that was shown, and `FILE` for the number of the last file that was posted: both move
//! with every change.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

use docket::chat::page::{Line, Span};
use docket::chat::{VERBS, text};
use docket::desk::{Desk, serve};
use docket::files::MemoryFiles;
use docket::journal::MemoryJournal;
use docket::policy::{self, Layer};
use docket::ports::{Clock, Entropy};
use docket::rehearsal::{FixedClock, Item, PostFiles, Rehearsal, RehearsalClock, Shown, terms_under};
use docket::store::MemoryIndex;

/// Every story begins at this time.
const BEGIN: &str = "2026-11-20T10:00:00Z";

#[test]
fn every_story_comes_out_as_written() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut pages: Vec<PathBuf> = files(&dir);
    pages.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    pages.sort();
    assert!(!pages.is_empty(), "there are stories in {}", dir.display());
    let mut wrong = String::new();
    for path in pages {
        let page = read(&path);
        let told = tell(&page, &dir);
        if told == page {
            continue;
        }
        if rewrite() {
            write(&path, &told);
            continue;
        }
        let (line, (was, is)) = page
            .lines()
            .zip(told.lines())
            .enumerate()
            .find(|(_, (was, is))| was != is)
            .unwrap_or((page.lines().count(), ("(the end)", "(more)")));
        writeln!(wrong, "{} line {}:\n  written: {was}\n  came:    {is}", path.display(), line + 1).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}\nIf this is right, run `just stories` and read the diff.");
}

#[test]
fn the_readme_and_the_guide_show_real_sessions() {
    for (page, edits) in [("README.md", true), ("docs/moderators.md", false)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let written = read(&path);
        let told = typed_again(&written, edits);
        if rewrite() {
            write(&path, &told);
            continue;
        }
        for (line, (was, is)) in written.lines().zip(told.lines()).enumerate() {
            assert_eq!(was, is, "{page} line {}", line + 1);
        }
        assert_eq!(told, written);
    }
}

/// A page with what comes back today in each of its transcripts, which are one session.
fn typed_again(page: &str, edits: bool) -> String {
    const BEGIN: &str = "<!-- transcript -->\n```text\n";
    const END: &str = "```\n<!-- /transcript -->";
    let mut session = begin(PathBuf::new(), &packs(""));
    let mut seen = Seen::default();
    let mut blocks = page.split(BEGIN);
    let mut out = blocks.next().expect("a page").to_owned();
    let mut sessions = 0;
    for block in blocks {
        sessions += 1;
        let (written, after) = block.split_once(END).expect("the transcript ends");
        out.push_str(BEGIN);
        for line in written.lines() {
            let typed = ["ada> ", "ben> ", "cy> ", "…    "].iter().find_map(|it| line.strip_prefix(it));
            if let Some(typed) = typed {
                writeln!(out, "{line}").unwrap();
                type_line(&mut session, typed, &mut seen, true, edits, &mut out);
            }
        }
        out.push_str(END);
        out.push_str(after);
    }
    assert!(sessions > 0, "the page shows a session");
    out
}

/// Whether pages are to be made to say what comes back today.
fn rewrite() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/rewrite-stories").exists()
}

/// The page with every answer as it comes back today.
fn tell(page: &str, dir: &Path) -> String {
    let mut session = begin(dir.join("files"), &packs(page));
    let mut seen = Seen::default();
    let digests = front(page, "Digests: ").is_some();
    let mut told = String::new();
    let mut lines = page.lines();
    let mut came: Option<String> = None;
    while let Some(line) = lines.next() {
        // Where no answer is written yet, it is put in.
        if let Some(came) = came.take_if(|_| !line.is_empty() && line != "```answer") {
            writeln!(told, "```answer\n{came}```\n").unwrap();
        }
        match line {
            "```try" => {
                writeln!(told, "{line}").unwrap();
                let mut answer = String::new();
                for line in lines.by_ref() {
                    writeln!(told, "{line}").unwrap();
                    if line == "```" {
                        break;
                    }
                    type_line(&mut session, &unescape(line), &mut seen, digests, true, &mut answer);
                }
                came = Some(answer);
            }
            "```answer" => {
                let came = came.take().expect("an `answer` block stands behind a `try` block");
                writeln!(told, "{line}\n{}```", came).unwrap();
                for line in lines.by_ref() {
                    if line == "```" {
                        break;
                    }
                }
            }
            line => writeln!(told, "{line}").unwrap(),
        }
    }
    if let Some(came) = came {
        writeln!(told, "```answer\n{came}```").unwrap();
    }
    told
}

fn type_line(
    session: &mut Rehearsal,
    line: &str,
    seen: &mut Seen,
    digests: bool,
    edits: bool,
    answer: &mut String,
) {
    for shown in all_of(session, &seen.put_into(line)) {
        match shown {
            Shown::Item(item) if item.kind == "digest" && !digests => {}
            Shown::Item(item) if item.edit && !edits => {}
            Shown::Item(item) => {
                reads_well_on_a_phone(&item);
                seen.note(&item);
                writeln!(answer, "{}", without_sum(&item.text())).unwrap();
            }
            Shown::Word(word) => writeln!(answer, "{word}").unwrap(),
        }
    }
}

/// What a line brings, and what it brings that this was shown.
fn all_of(session: &mut Rehearsal, line: &str) -> Vec<Shown> {
    let mut all = session.line(line).expect("the desk is there");
    loop {
        let more = session.was_shown().expect("the desk is there");
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// A card has nine lines at most, and a command that is offered 35 letters beside what it names (decision 39).
fn reads_well_on_a_phone(item: &Item) {
    if item.from.is_some() {
        return;
    }
    let lines = item.page.text().lines().count();
    assert!(item.kind != "card" || lines <= 9, "{lines} lines:\n{}", item.page.text());
    // What is about no case explains, by examples.
    for offered in item.page.all_lines().iter().flat_map(Line::spans).filter(|_| item.case.is_some()) {
        let Span::Code(command) = offered else { continue };
        // A form with `<…>` explains, and is copied by nobody.
        if command.starts_with("!case ") && !command.contains('<') {
            let bare = without_names(command);
            assert!(bare.chars().count() <= 35, "`{bare}` of `{command}`");
        }
    }
}

/// A command without its values and accounts.
fn without_names(command: &str) -> String {
    let outside: String = command.split('"').step_by(2).collect();
    let is_bare = |word: &&str| !word.contains(['@', '=']);
    outside.split(' ').filter(is_bare).collect::<Vec<_>>().join(" ")
}

/// What a later line can refer to.
#[derive(Default)]
struct Seen {
    code: String,
    file: String,
}

impl Seen {
    /// A file, or a text that offers a code to approve by.
    fn note(&mut self, item: &Item) {
        let text = item.page.text();
        let is_code = |word: &&str| {
            word.len() == 6 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        let offered = text.split("!case approve ").skip(1);
        let offered = offered.filter_map(|rest| rest.split_whitespace().take(2).find(is_code));
        if let Some(offered) = offered.last() {
            offered.clone_into(&mut self.code);
        }
        if item.kind == "file" {
            self.file = item.n.to_string();
        }
    }

    fn put_into(&self, line: &str) -> String {
        line.replace("CODE", &self.code).replace("FILE", &self.file)
    }
}

/// What a line below the title says.
fn front<'a>(page: &'a str, key: &str) -> Option<&'a str> {
    page.lines().take(6).find_map(|line| line.strip_prefix(key))
}

/// The packs that a page names.
fn packs(page: &str) -> Vec<Layer<'static>> {
    let named = front(page, "Policy: ");
    let shipped = |name: &str| policy::PACKS.iter().find(|pack| **pack == name.trim());
    let pack = |name: &str| match name.trim().strip_prefix("docs/policy.md ") {
        Some(word) => Layer::File { name: "ours.yaml", text: example(word) },
        None => Layer::Pack(shipped(name).expect("a pack that is shipped")),
    };
    named.unwrap_or(policy::DEFAULT).split(',').map(pack).collect()
}

/// The first example of the guide in which a word stands: what it teaches is tried to its end.
fn example(word: &str) -> &'static str {
    let examples = include_str!("../docs/policy.md").split("```yaml\n").skip(1);
    let mut examples = examples.filter_map(|block| block.split_once("```")).map(|(text, _)| text);
    examples.find(|text| text.contains(word)).expect("an example of the guide")
}

/// The policy's sum changes with every word of a pack; no story is about that.
fn without_sum(text: &str) -> String {
    let mut out = text.to_owned();
    for name in policy::PACKS.iter().chain(&["ours"]) {
        let mut rest = std::mem::take(&mut out);
        let mark = format!("{name}/");
        while let Some(at) = rest.find(&mark) {
            let (before, after) = rest.split_at(at + mark.len());
            let sum = after.chars().take_while(char::is_ascii_hexdigit).count();
            out.push_str(before);
            out.push_str(if sum == 8 { "00000000" } else { &after[..sum] });
            rest = after[sum..].to_owned();
        }
        out.push_str(&rest);
    }
    out
}

/// Characters that no editor shows are written as `\u{202E}` in a story.
fn unescape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, after) = after.split_once('}').expect("\\u{…} is closed");
        out.push_str(before);
        out.push(char::from_u32(u32::from_str_radix(code, 16).expect("hex")).expect("a character"));
        rest = after;
    }
    out + rest
}

fn begin(files: PathBuf, packs: &[Layer<'_>]) -> Rehearsal {
    let policy = policy::stack(packs).expect("shipped packs have no mistakes").policy;
    let terms = terms_under(policy).expect("the demo's people");
    let clock = RehearsalClock::new(Box::new(FixedClock(BEGIN.parse().expect("a time"))));
    assert_eq!(clock.now().to_rfc3339(), "2026-11-20T10:00:00+00:00");
    let kept = MemoryFiles::default();
    let desk = Desk::open(
        Box::new(MemoryJournal::new(Box::new(Counting(0)))),
        Box::new(MemoryIndex::new()),
        Box::new(kept.clone()),
        terms.clone(),
        &mut |_| {},
    )
    .expect("an empty desk opens");
    let (handle, work) = serve(desk, Box::new(clock.clone()));
    thread::spawn(move || work().map(|_| ()).expect("the desk ends when the session does"));
    Rehearsal::new(handle, clock, Box::new(kept), Box::new(Folder(files)), terms, "story".to_owned())
        .expect("people")
}

/// The same bytes in every run.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_mul(181).wrapping_add(7);
            *byte = self.0;
        }
    }
}

struct Folder(PathBuf);

impl PostFiles for Folder {
    #[expect(clippy::disallowed_methods, reason = "stories post files that lie beside them")]
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path))
            .map_err(|_| format!("There is no file {}.", docket::chat::shown_in_line(path)))
    }
}

#[expect(clippy::disallowed_methods, reason = "the stories are files")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a story is text")
}

#[expect(clippy::disallowed_methods, reason = "the stories are files")]
fn write(path: &Path, page: &str) {
    std::fs::write(path, page).expect("a story can be rewritten");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir).expect("tests/stories").map(|entry| entry.expect("a file").path()).collect()
}

#[test]
fn every_verb_and_every_kind_has_a_story() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut typed: BTreeSet<String> = BTreeSet::new();
    let mut asked: BTreeSet<String> = BTreeSet::new();
    for path in files(&dir).iter().filter(|path| path.is_file()) {
        for line in tried(&read(path)) {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("!case") => typed.extend(words.next().map(str::to_lowercase)),
                Some("Request:") => asked.extend(Some(words.collect::<Vec<_>>().join("-").to_lowercase())),
                Some(_) | None => {}
            }
        }
    }
    for verb in VERBS.iter().map(|verb| verb.name) {
        assert!(typed.contains(verb), "no story tells of `!case {verb}`");
    }
    for kind in policy::matrix_org().unwrap().kinds {
        let names = std::iter::once(&kind.name).chain(&kind.aliases);
        assert!(
            names.into_iter().any(|name| asked.contains(name)),
            "no story has a request of the kind {}",
            kind.name
        );
    }
}

#[test]
fn the_html_says_what_the_text_says_and_sets_commands_as_code() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    for path in files(&dir).iter().filter(|path| path.is_file()) {
        let page = read(path);
        let mut session = begin(dir.join("files"), &packs(&page));
        let mut seen = Seen::default();
        for line in tried(&page) {
            for shown in all_of(&mut session, &seen.put_into(&unescape(&line))) {
                let Shown::Item(item) = shown else { continue };
                let (text, html) = (item.page.text(), item.page.html());
                seen.note(&item);
                // Where plain text has marks around words from outside, and no such marks in them, the HTML has code.
                let unmarked = |text: &str| squeezed(text).replace(['“', '”', '"'], "");
                assert_eq!(unmarked(&bare(&html, "")), unmarked(&text), "{}: {line}", path.display());
                assert!(!bare(&html, "code").contains("!case"), "{}: {line}\n{html}", path.display());
            }
        }
    }
}

#[test]
fn the_end_of_input_says_what_was_begun_and_quit_ends_it() {
    let mut session = begin(PathBuf::new(), &packs(""));
    for line in ["\"\"\"", "Request: terms", "Context: insults"] {
        assert!(session.line(line).expect("the desk is there").is_empty());
    }
    assert!(session.in_block());
    let shown = session.end().expect("the desk is there");
    assert!(
        matches!(&shown[..], [Shown::Item(reply), Shown::Item(_)] if reply.page.text().starts_with("C-1 opened"))
    );
    assert!(session.end().expect("the desk is there").is_empty());
    assert!(!session.is_over());
    assert!(session.line("/quit").expect("the desk is there").is_empty());
    assert!(session.is_over());
}

/// The lines that a page types.
fn tried(page: &str) -> Vec<String> {
    let mut lines = page.lines();
    let mut tried = Vec::new();
    while lines.by_ref().any(|line| line == "```try") {
        tried.extend(lines.by_ref().take_while(|line| *line != "```").map(str::to_owned));
    }
    tried
}

/// HTML without its tags, and without what stands in the elements named.
fn bare(html: &str, without: &str) -> String {
    let mut out = String::new();
    let mut hidden = false;
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        if !without.is_empty() && tag.trim_start_matches('/') == without {
            hidden = !tag.starts_with('/');
        }
        if !hidden {
            out.push(' ');
            out.push_str(text);
        }
    }
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    named.iter().fold(out, |out, (code, c)| out.replace(code, c))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn sizes_are_said_as_people_say_them() {
    assert_eq!(text::size(1), "1 byte");
    assert_eq!(text::size(2048), "2 KiB");
    assert_eq!(text::size(3 * 1024 * 1024 / 2), "1.5 MiB");
}
