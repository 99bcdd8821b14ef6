//! A reason to refuse that is so only because one of us put a line otherwise than it came: two people say that it is so.

use super::given::*;
use crate::case::*;

fn refuse(code: &str) -> Command {
    let words = (code == "other").then(|| "No.".to_owned());
    Command::Refuse { code: code.to_owned(), words }
}

fn redirect(to: Elsewhere) -> Command {
    Command::Redirect { to }
}

fn foreign(name: &str) -> Field {
    let account = Account::parse(name).unwrap();
    let named = vec![Subject { account, ours: false, odd: Vec::new() }];
    let reading = Reading::Accounts { named, unread: Vec::new() };
    Field { reading, ..text("accounts", name) }
}

fn erasure() -> Given {
    shipped_as("subject").with(text("right", "erasure")).with(accounts(&["@dora:our.org"]))
}

#[test]
fn that_an_account_is_not_ours_is_no_one_persons_to_make_true() {
    // Given a request about an account of ours, when somebody puts another one there, then nobody leaves it by that alone
    let swapped = erasure().done(set([put(foreign("@dora:elsewhere.org"))]));
    swapped.when(refuse("not-ours")).proposed(Effect::Leave);
    swapped.when(redirect(Elsewhere::Server)).proposed(Effect::Leave);
    // That another line names it still does not help.
    let named = erasure().with(text("context", "it was @dora:our.org"));
    let named = named.done(set([put(foreign("@dora:elsewhere.org"))]));
    named.when(refuse("not-ours")).proposed(Effect::Leave);
    // Given a request that named it from the start, then it takes one
    let theirs = shipped_as("subject").with(text("right", "erasure")).with(foreign("@dora:elsewhere.org"));
    theirs.when(refuse("not-ours")).at_once();
    theirs.when(redirect(Elsewhere::Server)).at_once();
    // and so it does where a line that names nobody was put right
    theirs.done(set([put(text("email", "dora@mail.example"))])).when(refuse("not-ours")).at_once();
    // nor does it matter that another one was put beside it.
    let more = Edit::AddAccounts(foreign("@dora:third.org"));
    theirs.done(set([more])).when(refuse("not-ours")).at_once();
    // Another reason does not rest on it, and an account that was named elsewhere is none that was asked about.
    swapped.when(refuse("other")).at_once();
    for key in ["context", "mascot"] {
        let beside = theirs.with(text(key, "see @bob:third.org")).done(set([put(text(key, "see below"))]));
        beside.when(refuse("not-ours")).at_once();
    }
}

#[test]
fn that_something_is_missing_is_no_one_persons_to_make_true() {
    let notice = |signature: &[&str]| {
        let lines = ["work", "material", "good faith", "accuracy", "address", "phone", "email"];
        let given = lines.into_iter().fold(shipped_as("copyright"), |given, key| given.with(text(key, "x")));
        signature.iter().fold(given.with(accounts(&["@alice:our.org"])), |given, says| {
            given.with(text("signature", says))
        })
    };
    // Given a complete notice, when somebody takes its signature off, then that it is incomplete takes two
    let cleared = notice(&["Jo"]).done(set([put(text("signature", ""))]));
    cleared.when(refuse("incomplete")).proposed(Effect::Leave);
    cleared.when(refuse("other")).at_once();
    let blank = notice(&["Jo"]).done(set([put(text("signature", " "))]));
    blank.when(refuse("incomplete")).proposed(Effect::Leave);
    // and where it never had one, one.
    notice(&[]).when(refuse("incomplete")).at_once();
    // A blank is nothing; of several lines one that said something is enough.
    let clear = || set([put(text("signature", ""))]);
    notice(&[" "]).done(clear()).when(refuse("incomplete")).at_once();
    notice(&["Jo", " "]).done(clear()).when(refuse("incomplete")).proposed(Effect::Leave);
    let put_right = notice(&[]).done(set([put(text("work", "the song Quillfeather"))]));
    put_right.when(refuse("incomplete")).at_once();
}

#[test]
fn that_somebody_may_not_ask_is_no_one_persons_to_make_true() {
    let request = |country: &str| shipped_as("information").with(text("jurisdiction", country));
    let moved = request("GB").done(set([put(text("jurisdiction", "FR"))]));
    moved.when(refuse("other")).at_once();
    request(" ").done(set([put(text("jurisdiction", "FR"))])).when(refuse("jurisdiction")).at_once();
    // What a reason of an operator's own is only for rests on its line likewise.
    let only = Condition { key: "jurisdiction".to_owned(), any_of: owned(&["FR"]) };
    let own = |given: &Given| {
        given.under(|policy| {
            let other = policy.reasons.iter_mut().filter(|reason| reason.code == "other");
            other.for_each(|reason| reason.only = vec![only.clone()]);
        })
    };
    own(&moved).when(refuse("other")).proposed(Effect::Leave);
    own(&request("FR")).when(refuse("other")).at_once();
    for command in [refuse("jurisdiction"), redirect(Elsewhere::Mlat)] {
        moved.when(command.clone()).proposed(Effect::Leave);
        request("FR").when(command.clone()).at_once();
        // The same in other blanks is the same.
        request("FR").done(set([put(text("jurisdiction", " FR "))])).when(command).at_once();
    }
}
