//! What is shipped can be read, alone and on top of each other, and shows itself so that it reads back.

use super::*;
use crate::case::letter::{SECRECY, strangers};

fn read(layers: &[Layer<'_>]) -> Taken {
    stack(layers).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_pack_is_read_without_a_mistake() {
    for name in PACKS {
        let taken = read(&[Layer::Pack(name)]);
        assert!(taken.policy.version.starts_with(&format!("{name}/")), "{}", taken.policy.version);
    }
}

#[test]
fn every_two_packs_can_be_stacked() {
    for one in PACKS {
        for other in PACKS {
            read(&[Layer::Pack(one), Layer::Pack(other)]);
        }
    }
}

#[test]
fn what_is_shown_reads_back_to_the_same() {
    for one in PACKS {
        for other in PACKS {
            let taken = read(&[Layer::Pack(one), Layer::Pack(other)]);
            let again = read(&[Layer::File { name: "shown.yaml", text: &taken.yaml }]);
            assert_eq!(again.policy, taken.policy);
            assert_eq!(again.notes, Vec::<String>::new());
            assert_eq!(again.yaml, taken.yaml);
        }
    }
}

/// Rule 16: wherever users are told, whoever asks for secrecy can be told that it takes an order.
#[test]
fn every_kind_that_tells_users_has_the_letter_about_secrecy() {
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        for kind in policy.kinds.iter().filter(|kind| kind.notify) {
            assert!(policy.letter(SECRECY, &kind.name).is_some(), "{pack}: {}", kind.name);
        }
    }
}

#[test]
fn every_letter_can_be_filled_in_for_every_kind_that_it_is_for() {
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        for kind in &policy.kinds {
            for letter in policy.letters_for(&kind.name) {
                let open = strangers(letter, kind, &policy);
                assert_eq!(open, Vec::<String>::new(), "{pack}: {} for {}", letter.name, kind.name);
            }
        }
    }
}
