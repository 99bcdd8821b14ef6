//! What every index must do, whatever it is made of. Test only.
//!
//! It knows the port alone.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::case::{CaseId, Scope};
use crate::ports::{Changes, Facet, Hash, Head, Index, Seq};

/// Makes a new empty index.
pub(crate) type Make<'a> = &'a mut dyn FnMut() -> Box<dyn Index>;

/// Every fixed example.
pub(crate) fn all(make: Make<'_>) {
    it_begins_empty_and_has_a_head_after_the_rebuild(&mut *begun(make));
    the_value_last_put_is_the_one_that_is_there(&mut *begun(make));
    values_of_any_size_grow_and_shrink(&mut *begun(make));
    numbers_come_largest_first_and_without_a_gap(&mut *begun(make));
    adding_again_and_dropping_what_is_not_there_are_harmless(&mut *begun(make));
    what_a_batch_drops_and_adds_is_there(&mut *begun(make));
    lists_are_emptied_and_filled_again(&mut *begun(make));
    the_ends_of_the_numbers_are_numbers_too(&mut *begun(make));
    a_rebuild_forgets_everything_before(&mut *begun(make));
    apply_may_end_a_rebuild(&mut *begun(make));
    let index = make();
    assert_eq!(index.head(), None, "a new index waits for a rebuild");
    index.close().unwrap();
}

/// Random changes, applied one by one, loaded in a rebuild, and on a plain model: all agree.
pub(crate) fn agrees_with_the_model(cases: u32, make: Make<'_>) {
    let mut runner =
        TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() });
    let make = std::cell::RefCell::new(make);
    let checked = runner.run(&vec(batch(), 1..12), |batches| {
        let mut index = begun(*make.borrow_mut());
        index.finish_rebuild(head(0)).unwrap();
        let mut model = Model::default();
        for (at, changes) in batches.into_iter().enumerate() {
            model.apply(&changes);
            index.apply(head(at as u64 + 1), changes).unwrap();
        }
        model.check(index.as_ref());
        index.begin_rebuild().unwrap();
        model.load(index.as_mut());
        index.finish_rebuild(head(99)).unwrap();
        model.check(index.as_ref());
        index.close().unwrap();
        Ok(())
    });
    if let Err(fault) = checked {
        panic!("{fault}");
    }
}

/// A head for tests.
pub(crate) fn head(seq: u64) -> Head {
    Head { seq: Seq(seq), hash: Hash([seq as u8; 32]) }
}

/// A case's scope.
pub(crate) fn case(number: u32) -> Scope {
    Scope::Case(CaseId::new(number).unwrap())
}

/// Every number of a list, page by page.
pub(crate) fn whole(index: &dyn Index, facet: &Facet) -> Vec<u64> {
    let mut all: Vec<u64> = Vec::new();
    let mut from = Some(u64::MAX);
    while let Some(at) = from {
        let page = index.numbers(facet, at).unwrap();
        assert!(page.iter().all(|number| *number <= at), "{page:?} from {at}");
        from = page.last().and_then(|last| last.checked_sub(1));
        all.extend(page);
    }
    assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "largest first, each once");
    all
}

/// What a model of maps and sets holds.
#[derive(Default)]
struct Model {
    values: BTreeMap<Scope, Vec<u8>>,
    lists: BTreeMap<Facet, BTreeSet<u64>>,
}

impl Model {
    fn apply(&mut self, changes: &Changes) {
        self.values.extend(changes.put.iter().cloned());
        for (facet, number) in &changes.drop {
            self.lists.entry(facet.clone()).or_default().remove(number);
        }
        for (facet, number) in &changes.add {
            self.lists.entry(facet.clone()).or_default().insert(*number);
        }
    }

    fn load(&self, index: &mut dyn Index) {
        let pairs: Vec<(Facet, u64)> = self
            .lists
            .iter()
            .flat_map(|(facet, list)| list.iter().map(|number| (facet.clone(), *number)))
            .collect();
        let (some, rest) = pairs.split_at(pairs.len() / 3);
        for (scope, value) in &self.values {
            index.load(vec![(*scope, value.clone())], Vec::new()).unwrap();
        }
        index.load(Vec::new(), rest.to_vec()).unwrap();
        // One pair twice: a caller may come across the same thing in two records.
        index.load(Vec::new(), pairs.first().cloned().into_iter().collect()).unwrap();
        index.load(Vec::new(), some.to_vec()).unwrap();
    }

    fn check(&self, index: &dyn Index) {
        for scope in [Scope::Desk].into_iter().chain((1..5).map(case)) {
            assert_eq!(index.value(scope).unwrap().as_ref(), self.values.get(&scope), "{scope:?}");
        }
        for facet in (0..4).map(facet) {
            let list = self.lists.get(&facet).cloned().unwrap_or_default();
            assert_eq!(whole(index, &facet), list.iter().rev().copied().collect::<Vec<_>>(), "{facet:?}");
            for from in list.iter().step_by(97).flat_map(|number| [number.saturating_sub(1), *number]) {
                let page = index.numbers(&facet, from).unwrap();
                let expected: Vec<u64> = list.range(..=from).rev().take(page.len()).copied().collect();
                assert_eq!(page, expected, "{facet:?} from {from}");
                assert_eq!(page.is_empty(), list.range(..=from).next().is_none(), "{facet:?} from {from}");
            }
        }
    }
}

fn facet(number: u8) -> Facet {
    Facet::new("facet", number)
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0_u64..3_000, 2 => any::<u64>(), 1 => Just(u64::MAX), 1 => u64::MAX - 9..u64::MAX]
}

fn batch() -> impl Strategy<Value = Changes> {
    let scope = (0_u32..5).prop_map(|number| CaseId::new(number).map_or(Scope::Desk, Scope::Case));
    let value = (any::<u8>(), prop_oneof![4 => 0_usize..300, 2 => 4_000_usize..4_200, 1 => 0_usize..30_000]);
    let put = vec((scope, value.prop_map(|(byte, len)| vec![byte; len])), 0..4);
    let pair = || ((0_u8..4).prop_map(facet), number());
    let run = ((0_u8..4).prop_map(facet), 0_u64..3_000, 1_u64..700)
        .prop_map(|(facet, first, len)| (first..first + len).map(|number| (facet.clone(), number)).collect());
    let many = || prop_oneof![3 => vec(pair(), 0..40), 1 => vec(pair(), 300..900), 2 => run.clone()];
    (put, many(), many()).prop_map(|(put, add, drop)| Changes { put, add, drop })
}

fn begun(make: Make<'_>) -> Box<dyn Index> {
    let mut index = make();
    index.begin_rebuild().unwrap();
    index
}

fn put(index: &mut dyn Index, seq: u64, scope: Scope, value: &[u8]) {
    let changes = Changes { put: vec![(scope, value.to_vec())], ..Changes::default() };
    index.apply(head(seq), changes).unwrap();
}

fn add(numbers: impl IntoIterator<Item = u64>) -> Changes {
    Changes { add: numbers.into_iter().map(|number| (facet(1), number)).collect(), ..Changes::default() }
}

fn drop(numbers: impl IntoIterator<Item = u64>) -> Changes {
    Changes { drop: numbers.into_iter().map(|number| (facet(1), number)).collect(), ..Changes::default() }
}

fn it_begins_empty_and_has_a_head_after_the_rebuild(index: &mut dyn Index) {
    assert_eq!(index.head(), None);
    index.finish_rebuild(head(3)).unwrap();
    assert_eq!(index.head(), Some(head(3)));
    assert_eq!(index.value(Scope::Desk).unwrap(), None);
    assert_eq!(index.value(case(1)).unwrap(), None);
    assert_eq!(index.numbers(&facet(1), u64::MAX).unwrap(), Vec::<u64>::new());
    index.apply(head(4), Changes::default()).unwrap();
    assert_eq!(index.head(), Some(head(4)));
}

fn the_value_last_put_is_the_one_that_is_there(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    let changes = Changes {
        put: vec![
            (case(1), b"first".to_vec()),
            (Scope::Desk, b"desk".to_vec()),
            (case(1), b"second".to_vec()),
        ],
        ..Changes::default()
    };
    index.apply(head(1), changes).unwrap();
    assert_eq!(index.value(case(1)).unwrap().unwrap(), b"second");
    assert_eq!(index.value(Scope::Desk).unwrap().unwrap(), b"desk");
    assert_eq!(index.value(case(2)).unwrap(), None);
}

fn values_of_any_size_grow_and_shrink(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    let sizes = [0, 1, 4095, 4096, 4097, 6143, 6144, 6145, 8192, 65_536, 307_200];
    let up_and_down = sizes.iter().chain(sizes.iter().rev());
    for (seq, size) in up_and_down.chain(&[307_200, 0, 8193, 1]).enumerate() {
        let value: Vec<u8> = (0..*size).map(|at| (at * 7 + seq) as u8).collect();
        put(index, seq as u64, case(2), &value);
        put(index, seq as u64, case(3), b"a neighbour");
        assert!(index.value(case(2)).unwrap().unwrap() == value, "{size} bytes");
        assert_eq!(index.value(case(1)).unwrap(), None);
        assert_eq!(index.value(case(3)).unwrap().unwrap(), b"a neighbour");
    }
}

fn numbers_come_largest_first_and_without_a_gap(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    for run in 0..20_u64 {
        index.apply(head(run), add(run * 500..(run + 1) * 500)).unwrap();
    }
    assert_eq!(whole(index, &facet(1)), (0..10_000).rev().collect::<Vec<_>>());
    assert_eq!(index.numbers(&facet(1), u64::MAX).unwrap(), index.numbers(&facet(1), 9_999).unwrap());
    for from in (0..10_000).step_by(13) {
        let page = index.numbers(&facet(1), from).unwrap();
        assert!(!page.is_empty());
        assert_eq!(page, (0..=from).rev().take(page.len()).collect::<Vec<_>>());
    }
    assert_eq!(whole(index, &facet(2)), Vec::<u64>::new());
}

fn adding_again_and_dropping_what_is_not_there_are_harmless(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    index.apply(head(1), drop([5, 6])).unwrap();
    index.apply(head(2), add([1, 5, 5, 9])).unwrap();
    index.apply(head(3), add([5, 1])).unwrap();
    index.apply(head(4), drop([0, 4, 10, u64::MAX])).unwrap();
    assert_eq!(whole(index, &facet(1)), [9, 5, 1]);
}

fn what_a_batch_drops_and_adds_is_there(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    index.apply(head(1), add([1, 2, 3])).unwrap();
    let both = Changes { drop: vec![(facet(1), 2), (facet(1), 3)], ..add([2]) };
    index.apply(head(2), both).unwrap();
    assert_eq!(whole(index, &facet(1)), [2, 1]);
}

fn lists_are_emptied_and_filled_again(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    index.apply(head(1), add((0..9_000).map(|number| number * 3))).unwrap();
    // A hole over several blocks in the middle, then at the top, then nothing is left.
    index.apply(head(2), drop(6_000..21_000)).unwrap();
    assert_eq!(index.numbers(&facet(1), 20_999).unwrap().first(), Some(&5_997));
    index.apply(head(3), add([10_000, 20_000])).unwrap();
    index.apply(head(4), drop(21_000..30_000)).unwrap();
    assert_eq!(index.numbers(&facet(1), u64::MAX).unwrap().first(), Some(&20_000));
    index.apply(head(5), add([25_000])).unwrap();
    let left = [25_000, 20_000, 10_000].into_iter().chain((0..2_000).rev().map(|number| number * 3));
    assert_eq!(whole(index, &facet(1)), left.collect::<Vec<_>>());
    index.apply(head(6), drop(0..30_000)).unwrap();
    assert_eq!(whole(index, &facet(1)), Vec::<u64>::new());
    index.apply(head(7), add([7])).unwrap();
    assert_eq!(whole(index, &facet(1)), [7]);
}

fn the_ends_of_the_numbers_are_numbers_too(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    index.apply(head(1), add([0, u64::MAX, 1 << 63])).unwrap();
    assert_eq!(whole(index, &facet(1)), [u64::MAX, 1 << 63, 0]);
    assert_eq!(index.numbers(&facet(1), 0).unwrap(), [0]);
    index.apply(head(2), drop([0, u64::MAX])).unwrap();
    assert_eq!(whole(index, &facet(1)), [1 << 63]);
}

fn a_rebuild_forgets_everything_before(index: &mut dyn Index) {
    index.finish_rebuild(head(0)).unwrap();
    put(index, 1, case(1), b"old");
    index.apply(head(2), add(0..5_000)).unwrap();
    index.begin_rebuild().unwrap();
    assert_eq!(index.head(), None);
    index.load(vec![(case(2), b"new".to_vec())], vec![(facet(2), 8), (facet(2), 3)]).unwrap();
    index.load(vec![(case(3), b"newer".to_vec())], vec![(facet(2), 5), (facet(2), 8)]).unwrap();
    index.finish_rebuild(head(9)).unwrap();
    assert_eq!(index.head(), Some(head(9)));
    assert_eq!(index.value(case(1)).unwrap(), None);
    assert_eq!(index.value(case(3)).unwrap().unwrap(), b"newer");
    assert_eq!(whole(index, &facet(1)), Vec::<u64>::new());
    assert_eq!(whole(index, &facet(2)), [8, 5, 3]);
}

fn apply_may_end_a_rebuild(index: &mut dyn Index) {
    index.load(vec![(case(1), b"loaded".to_vec())], vec![(facet(1), 4)]).unwrap();
    index.apply(head(2), add([6])).unwrap();
    assert_eq!(index.head(), Some(head(2)));
    assert_eq!(index.value(case(1)).unwrap().unwrap(), b"loaded");
    assert_eq!(whole(index, &facet(1)), [6, 4]);
}
