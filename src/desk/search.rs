//! Finds the cases that stand in several lists at once, newest first, without looking at all cases.
//!
//! The lists are walked together: each is asked for its next number at or below the smallest that another one gave, so the
//! rarest list sets the pace. After [`MOST_STEPS`] candidates the walk stops and says so.

use crate::case::CaseId;
use crate::ports::{Facet, Index, IndexFault};

/// How many candidates are looked at before the search says how to narrow it.
pub const MOST_STEPS: usize = 5_000;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The cases of the page, newest first.
    pub cases: Vec<CaseId>,
    /// Whether there are more behind them.
    pub more: bool,
    /// Whether the search stopped at [`MOST_STEPS`] and may have missed older ones.
    pub cut: bool,
}

/// The cases in all of `within` and not in `without`, `skip` of them passed over, at most `most`.
pub fn search(
    index: &dyn Index,
    within: &[Facet],
    without: Option<&Facet>,
    skip: usize,
    most: usize,
) -> Result<Found, IndexFault> {
    let without: Vec<&Facet> = without.into_iter().collect();
    search_among(index, None, within, &without, skip, most)
}

/// The same among these cases only, which come largest first; among all where there are none given.
pub fn search_among(
    index: &dyn Index,
    among: Option<&[u64]>,
    within: &[Facet],
    without: &[&Facet],
    skip: usize,
    most: usize,
) -> Result<Found, IndexFault> {
    let among = among.map(|numbers| Walker { list: None, block: numbers.to_vec(), at: 0 });
    let listed = within.iter().map(|facet| Walker::new(index, facet));
    let mut walkers: Vec<Walker<'_>> = among.into_iter().chain(listed).collect();
    let mut barred: Vec<Walker<'_>> = without.iter().map(|facet| Walker::new(index, facet)).collect();
    let mut found = Found::default();
    let mut passed = 0;
    let mut from = u64::MAX;
    let mut steps = 0;
    loop {
        let number = match agree(&mut walkers, from, &mut steps)? {
            Agreed::On(number) => number,
            Agreed::Nothing => return Ok(found),
            Agreed::TooFar => {
                found.cut = true;
                return Ok(found);
            }
        };
        let mut bar = false;
        for walker in &mut barred {
            bar |= walker.seek(number)? == Some(number);
        }
        if let Some(case) = u32::try_from(number).ok().and_then(CaseId::new).filter(|_| !bar) {
            if passed < skip {
                passed += 1;
            } else if found.cases.len() < most {
                found.cases.push(case);
            } else {
                found.more = true;
                return Ok(found);
            }
        }
        let Some(next) = number.checked_sub(1) else {
            return Ok(found);
        };
        from = next;
    }
}

/// The numbers of one list from its largest down to `least`: at most `most` behind the `skip` first, and whether there are more.
pub fn page(
    index: &dyn Index,
    facet: &Facet,
    least: u64,
    skip: usize,
    most: usize,
) -> Result<(Vec<u64>, bool), IndexFault> {
    page_from(index, std::slice::from_ref(facet), u64::MAX, least, skip, most)
}

/// The same of several lists that are walked as one, from a number on.
pub fn page_from(
    index: &dyn Index,
    lists: &[Facet],
    mut from: u64,
    least: u64,
    skip: usize,
    most: usize,
) -> Result<(Vec<u64>, bool), IndexFault> {
    let mut walkers: Vec<Walker<'_>> = lists.iter().map(|facet| Walker::new(index, facet)).collect();
    let mut found = Vec::new();
    let mut passed = 0;
    loop {
        let mut next = None;
        for walker in &mut walkers {
            next = walker.seek(from)?.max(next);
        }
        let Some(number) = next.filter(|number| *number >= least) else {
            return Ok((found, false));
        };
        if passed < skip {
            passed += 1;
        } else if found.len() < most {
            found.push(number);
        } else {
            return Ok((found, true));
        }
        match number.checked_sub(1) {
            Some(below) => from = below,
            None => return Ok((found, false)),
        }
    }
}

/// Like [`search_among`], but those that are in `first` too stand before all others.
pub fn first_then(
    index: &dyn Index,
    among: Option<&[u64]>,
    within: &[Facet],
    without: Option<&Facet>,
    first: &Facet,
    (skip, most): (usize, usize),
) -> Result<Found, IndexFault> {
    let barred: Vec<&Facet> = without.into_iter().collect();
    if skip == 0 {
        let mut found = search_among(index, among, within, &barred, 0, most)?;
        if !found.more && !found.cut {
            // All that there are: to put them in order costs a look at each of them, and none at other cases.
            let mut urgent = Walker::new(index, first);
            let mut ordered = Vec::with_capacity(found.cases.len());
            for case in found.cases {
                let number = u64::from(case.number());
                ordered.push((urgent.seek(number)? != Some(number), case));
            }
            ordered.sort_by_key(|(comes_later, _)| *comes_later);
            found.cases = ordered.into_iter().map(|(_, case)| case).collect();
            return Ok(found);
        }
    }
    let urgent: Vec<Facet> = within.iter().cloned().chain([first.clone()]).collect();
    let mut found = search_among(index, among, &urgent, &barred, skip, most)?;
    if found.more {
        return Ok(found);
    }
    // How many urgent ones there are before this page decides where the others begin.
    let before = match skip {
        0 => 0,
        _ => search_among(index, among, &urgent, &barred, 0, skip)?.cases.len(),
    };
    let rest = most - found.cases.len();
    let not_other: Vec<&Facet> = barred.into_iter().chain([first]).collect();
    let others = search_among(index, among, within, &not_other, skip - before, rest)?;
    found.cases.extend(others.cases);
    found.more = others.more;
    found.cut |= others.cut;
    Ok(found)
}

/// Whether a number stands in a list.
pub fn contains(index: &dyn Index, facet: &Facet, number: u64) -> Result<bool, IndexFault> {
    Ok(index.numbers(facet, number)?.first() == Some(&number))
}

enum Agreed {
    On(u64),
    Nothing,
    TooFar,
}

/// The largest number at or below `from` that every list has.
fn agree(walkers: &mut [Walker<'_>], mut from: u64, steps: &mut usize) -> Result<Agreed, IndexFault> {
    if walkers.is_empty() {
        return Ok(Agreed::Nothing);
    }
    'again: loop {
        *steps += 1;
        if *steps > MOST_STEPS {
            return Ok(Agreed::TooFar);
        }
        for walker in &mut *walkers {
            match walker.seek(from)? {
                None => return Ok(Agreed::Nothing),
                Some(number) if number < from => {
                    from = number;
                    continue 'again;
                }
                Some(_) => {}
            }
        }
        return Ok(Agreed::On(from));
    }
}

/// One list, walked downwards; keeps the block it is in.
struct Walker<'a> {
    /// Where further blocks come from; none if the one there is is all.
    list: Option<(&'a dyn Index, &'a Facet)>,
    block: Vec<u64>,
    at: usize,
}

impl<'a> Walker<'a> {
    fn new(index: &'a dyn Index, facet: &'a Facet) -> Walker<'a> {
        Walker { list: Some((index, facet)), block: Vec::new(), at: 0 }
    }

    /// The largest number at or below `from`. `from` never grows from one call to the next.
    fn seek(&mut self, from: u64) -> Result<Option<u64>, IndexFault> {
        if let Some((index, facet)) = self.list
            && self.block.last().is_none_or(|last| *last > from)
        {
            self.block = index.numbers(facet, from)?;
            self.at = 0;
            if self.block.is_empty() {
                self.list = None; // nothing stands further down either
            }
        }
        let rest = self.block.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|number| *number > from);
        Ok(self.block.get(self.at).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryIndex;

    /// A list of these numbers, and one of every second of them.
    fn index(numbers: std::ops::Range<u64>) -> (MemoryIndex, Facet, Facet) {
        let (all, even) = (Facet::new("all", ""), Facet::new("even", ""));
        let entries = numbers.clone().map(|number| (all.clone(), number));
        let evens = numbers.filter(|number| number % 2 == 0).map(|number| (even.clone(), number));
        let mut index = MemoryIndex::new();
        index.load(Vec::new(), entries.chain(evens).collect()).unwrap();
        (index, all, even)
    }

    #[test]
    fn a_page_is_cut_out_of_its_list() {
        let (index, all, _) = index(1..6_001);
        let page = |least, skip, most| page(&index, &all, least, skip, most).unwrap();
        assert_eq!(page(0, 0, 3), (vec![6_000, 5_999, 5_998], true));
        assert_eq!(page(5_999, 0, 3), (vec![6_000, 5_999], false));
        assert_eq!(page(5_998, 0, 3), (vec![6_000, 5_999, 5_998], false));
        assert_eq!(page(5_998, 2, 3), (vec![5_998], false));
        assert_eq!(page(5_998, 9, 3), (vec![], false));
        assert_eq!(page(0, 5_998, 3), (vec![2, 1], false));
        let (numbers, more) = page(0, 0, MOST_STEPS);
        assert_eq!((numbers.len(), more), (MOST_STEPS, true));
    }

    #[test]
    fn lists_that_are_walked_as_one_give_each_number_once_and_in_order() {
        let (index, all, even) = index(1..20);
        let lists = [even, Facet::new("none", ""), all];
        let page = |from, least, skip, most| page_from(&index, &lists, from, least, skip, most).unwrap();
        assert_eq!(page(u64::MAX, 3, 1, 4), (vec![18, 17, 16, 15], true));
        assert_eq!(page(5, 3, 0, 9), (vec![5, 4, 3], false));
    }

    #[test]
    fn what_stands_first_comes_first_and_each_case_stands_once_over_the_pages() {
        let (index, all, even) = index(1..10);
        let page = |skip, most| {
            let found = first_then(&index, None, std::slice::from_ref(&all), None, &even, (skip, most));
            let found = found.unwrap();
            (found.cases.iter().map(|case| case.number()).collect::<Vec<_>>(), found.more)
        };
        assert_eq!(page(0, 9), (vec![8, 6, 4, 2, 9, 7, 5, 3, 1], false));
        assert_eq!(page(0, 3), (vec![8, 6, 4], true));
        assert_eq!(page(3, 3), (vec![2, 9, 7], true));
        assert_eq!(page(6, 3), (vec![5, 3, 1], false));
    }

    #[test]
    fn among_some_cases_only_those_are_found() {
        let (index, all, even) = index(1..6_001);
        let among = |some: &[u64], skip, most| {
            let found = search_among(&index, Some(some), &[all.clone(), even.clone()], &[], skip, most);
            let found = found.unwrap();
            let numbers: Vec<u32> = found.cases.iter().map(|case| case.number()).collect();
            (numbers, found.more, found.cut)
        };
        assert_eq!(among(&[7_000, 5_000, 3_001, 3_000, 2], 0, 9), (vec![5_000, 3_000, 2], false, false));
        assert_eq!(among(&[7_000, 5_000, 3_001, 3_000, 2], 1, 1), (vec![3_000], true, false));
        assert_eq!(among(&[], 0, 9), (vec![], false, false));
        // As many as there are steps, none of which fits.
        let odd: Vec<u64> = (0..MOST_STEPS as u64).rev().map(|n| 2 * n + 1).collect();
        assert!(among(&odd, 0, 9).2);
    }
}
