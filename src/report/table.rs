//! A table of counts with its sums, and what of it is hidden so that nobody can compute what is small.
//!
//! A cell that is small but not nothing is shown as `<5`. That alone hides little: whoever knows a row's sum and its other
//! cells knows the cell. So more cells are held back, until every hidden one could be another number without a change of
//! anything that is shown.
//!
//! How that is known: kinds are nodes on one side, countries on the other, the sums are one more of each, and every cell is
//! an edge. With the signs of the sums turned round, every row and every column adds up to nothing; so to raise one cell by
//! one and keep all that is shown means to walk a closed way of hidden cells, raising and lowering in turns. Where there is
//! such a way through a cell, it could be another number. Where there is none, it could not (that is the theorem about
//! circulations in networks), and the way that costs least is made by hiding what stands on it.

use std::collections::BTreeSet;

/// What is shown of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    Count(u64),
    /// Fewer than this.
    Few(u64),
    /// Nothing: the number would give another one away.
    Hidden,
}

/// Counts in rows and columns. The last row and the last column are the sums, and so is the corner where they meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    counts: Vec<Vec<u64>>,
}

/// What hides a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Veil {
    None,
    /// It is known to lie between these.
    Between(u64, u64),
}

/// What it costs to hide a cell: inner ones before sums, small ones before large ones, nothing only if nothing else helps.
const OF_A_SUM: u64 = 1_000;
const OF_THE_SUM: u64 = 100_000;
const OF_NOTHING: u64 = 10_000_000;

impl Table {
    /// From rows of equal length, without their sums.
    pub fn new(rows: &[Vec<u64>]) -> Table {
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let mut counts: Vec<Vec<u64>> = rows
            .iter()
            .map(|row| {
                let mut row = row.clone();
                row.resize(width, 0);
                row.push(row.iter().sum());
                row
            })
            .collect();
        let sums = (0..=width).map(|column| counts.iter().filter_map(|row| row.get(column)).sum()).collect();
        counts.push(sums);
        Table { counts }
    }

    /// What may be shown, in the same order; the sums last.
    pub fn shown(&self, few: u64) -> Vec<Vec<Shown>> {
        // Whoever reads `<5` may take it that there is at least one. Only if no way is found so is it hidden what is known by
        // the legend alone: that `<5` may be nothing.
        let veils = [1.min(few.saturating_sub(2)), 0].into_iter().find_map(|least| self.veiled(few, least));
        let Some(veils) = veils else {
            // It cannot be shown in part, so it is not.
            return self.counts.iter().map(|row| row.iter().map(|_| Shown::Hidden).collect()).collect();
        };
        let rows = self.counts.iter().zip(&veils);
        rows.map(|(row, veils)| row.iter().zip(veils).map(|(count, veil)| seen(*count, *veil, few)).collect())
            .collect()
    }

    /// Hides what must be hidden; `None` if some cell stays known whatever is hidden.
    fn veiled(&self, few: u64, least: u64) -> Option<Vec<Vec<Veil>>> {
        let is_small = |count: u64| 0 < count && count < few;
        let first = |count: &u64| if is_small(*count) { veil(*count, few, least) } else { Veil::None };
        let mut veils: Vec<Vec<Veil>> =
            self.counts.iter().map(|row| row.iter().map(first).collect()).collect();
        let small: Vec<(usize, usize)> =
            cells(&veils).filter(|(_, _, veil)| *veil != Veil::None).map(at).collect();
        for cell in small {
            for (row, column) in self.way(&veils, cell, few, least)? {
                let count = self.count(row, column);
                if let Some(slot) = veils.get_mut(row).and_then(|row| row.get_mut(column))
                    && *slot == Veil::None
                {
                    *slot = veil(count, few, least);
                }
            }
        }
        Some(veils)
    }

    /// The cells of the cheapest closed way through a cell.
    fn way(
        &self,
        veils: &[Vec<Veil>],
        cell: (usize, usize),
        few: u64,
        least: u64,
    ) -> Option<Vec<(usize, usize)>> {
        // Up first, then down: either shows that the cell could be another number.
        let found = [true, false].into_iter().filter_map(|up| self.way_from(veils, cell, up, few, least));
        found.min_by_key(|(cost, _)| *cost).map(|(_, way)| way)
    }

    /// A way that raises the cell (or lowers it) and comes back to where it began. Nodes are rows, then columns.
    fn way_from(
        &self,
        veils: &[Vec<Veil>],
        (row, column): (usize, usize),
        up: bool,
        few: u64,
        least: u64,
    ) -> Option<(u64, Vec<(usize, usize)>)> {
        let rows = self.counts.len();
        let columns = self.counts.first()?.len();
        let step = |row: usize, column: usize, raise: bool| {
            let known = veils.get(row)?.get(column)?;
            let count = self.count(row, column);
            let (cost, (lowest, highest)) = match known {
                Veil::Between(lowest, highest) => (0, (*lowest, *highest)),
                Veil::None => match veil(count, few, least) {
                    Veil::Between(lowest, highest) => (self.price(row, column), (lowest, highest)),
                    Veil::None => return None,
                },
            };
            let can = if raise { count < highest } else { count > lowest };
            can.then_some(cost)
        };
        // A raised cell leads from its row to its column, a lowered one back; in the sums it is the other way round.
        let is_sum = |row: usize, column: usize| (row + 1 == rows) != (column + 1 == columns);
        step(row, column, up != is_sum(row, column))?;
        let (start, goal) = if up { (rows + column, row) } else { (row, rows + column) };
        let mut best: Vec<Option<(u64, Option<usize>)>> = vec![None; rows + columns];
        let mut open: BTreeSet<(u64, usize)> = BTreeSet::from([(0, start)]);
        *best.get_mut(start)? = Some((0, None));
        while let Some((cost, node)) = open.pop_first() {
            if node == goal {
                break;
            }
            let next = if node < rows { rows..rows + columns } else { 0..rows };
            for other in next {
                let (r, c, raise) =
                    if node < rows { (node, other - rows, true) } else { (other, node - rows, false) };
                if (r, c) == (row, column) {
                    continue;
                }
                let Some(price) = step(r, c, raise != is_sum(r, c)) else { continue };
                let total = cost + price + 1;
                let slot = best.get_mut(other)?;
                if slot.is_none_or(|(known, _)| total < known) {
                    *slot = Some((total, Some(node)));
                    open.insert((total, other));
                }
            }
        }
        let (cost, _) = (*best.get(goal)?)?;
        let mut way = vec![(row, column)];
        let mut node = goal;
        while let Some((_, Some(before))) = *best.get(node)? {
            let (r, c) = if node < rows { (node, before - rows) } else { (before, node - rows) };
            way.push((r, c));
            node = before;
        }
        Some((cost, way))
    }

    fn count(&self, row: usize, column: usize) -> u64 {
        self.counts.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
    }

    fn price(&self, row: usize, column: usize) -> u64 {
        let count = self.count(row, column);
        let in_sums = usize::from(row + 1 == self.counts.len())
            + usize::from(self.counts.first().is_some_and(|first| column + 1 == first.len()));
        let place = match in_sums {
            0 => 10,
            1 => OF_A_SUM,
            _ => OF_THE_SUM,
        };
        if count == 0 { OF_NOTHING } else { place + count.min(OF_A_SUM) }
    }
}

/// What would be known of a count if it were hidden.
fn veil(count: u64, few: u64, least: u64) -> Veil {
    if count == 0 {
        Veil::Between(0, few.saturating_sub(1))
    } else if count < few {
        Veil::Between(least, few.saturating_sub(1))
    } else {
        Veil::Between(few, u64::MAX)
    }
}

fn seen(count: u64, veil: Veil, few: u64) -> Shown {
    match veil {
        Veil::None => Shown::Count(count),
        Veil::Between(..) if count < few => Shown::Few(few),
        Veil::Between(..) => Shown::Hidden,
    }
}

fn cells(veils: &[Vec<Veil>]) -> impl Iterator<Item = (usize, usize, Veil)> {
    veils
        .iter()
        .enumerate()
        .flat_map(|(row, veils)| veils.iter().enumerate().map(move |(column, veil)| (row, column, *veil)))
}

fn at((row, column, _): (usize, usize, Veil)) -> (usize, usize) {
    (row, column)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What somebody knows of a cell who knows what each mark means.
    fn range(shown: Shown, least: u64, few: u64, most: u64) -> (u64, u64) {
        match shown {
            Shown::Count(count) => (count, count),
            Shown::Few(few) => (least, few - 1),
            Shown::Hidden => (few, most),
        }
    }

    /// Every table that fits what is shown; for each cell, all numbers that it has in one of them.
    fn possible(shown: &[Vec<Shown>], least: u64, few: u64, most: u64) -> Vec<Vec<BTreeSet<u64>>> {
        let (rows, columns) = (shown.len() - 1, shown[0].len() - 1);
        let all_hidden = shown.iter().flatten().all(|shown| *shown == Shown::Hidden);
        let range = |shown| if all_hidden { (0, most) } else { range(shown, least, few, most) };
        let fits = |shown: Shown, count: u64| {
            let (lowest, highest) = range(shown);
            // Sums may be larger than any cell that is tried.
            lowest <= count && (count <= highest || shown == Shown::Hidden)
        };
        let mut seen = vec![vec![BTreeSet::new(); columns + 1]; rows + 1];
        let mut cells = vec![vec![0_u64; columns]; rows];
        fn walk(
            n: usize,
            cells: &mut Vec<Vec<u64>>,
            columns: usize,
            try_each: &dyn Fn(usize, usize) -> (u64, u64),
            row_fits: &dyn Fn(usize, &[u64]) -> bool,
            done: &mut dyn FnMut(&[Vec<u64>]),
        ) {
            let (row, column) = (n / columns, n % columns);
            if row == cells.len() {
                return done(cells);
            }
            let (lowest, highest) = try_each(row, column);
            for count in lowest..=highest {
                cells[row][column] = count;
                if column + 1 < columns || row_fits(row, &cells[row]) {
                    walk(n + 1, cells, columns, try_each, row_fits, done);
                }
            }
        }
        walk(
            0,
            &mut cells,
            columns,
            &|row, column| range(shown[row][column]),
            &|row, cells| fits(shown[row][columns], cells.iter().sum()),
            &mut |cells| {
                let table = Table::new(cells);
                let sums = (0..=columns).all(|column| fits(shown[rows][column], table.counts[rows][column]));
                if sums {
                    for (row, counts) in table.counts.iter().enumerate() {
                        for (column, count) in counts.iter().enumerate() {
                            seen[row][column].insert(*count);
                        }
                    }
                }
            },
        );
        seen
    }

    fn nobody_can_tell(rows: &[Vec<u64>], few: u64) {
        nobody_can_tell_who_knows_of(0, rows, few);
    }

    /// Likewise of somebody who takes `<5` for at least so many.
    fn nobody_can_tell_who_knows_of(least: u64, rows: &[Vec<u64>], few: u64) {
        let table = Table::new(rows);
        let shown = table.shown(few);
        let largest = rows.iter().flatten().max().copied().unwrap_or_default();
        let possible = possible(&shown, least, few, largest.max(few) + 2);
        for (row, marks) in shown.iter().enumerate() {
            for (column, mark) in marks.iter().enumerate() {
                let count = table.counts[row][column];
                let numbers = &possible[row][column];
                assert!(
                    numbers.contains(&count),
                    "{rows:?} {shown:?}: {row},{column} is {count} of {numbers:?}"
                );
                match mark {
                    Shown::Count(_) => assert!(count == 0 || count >= few, "{rows:?}: {shown:?}"),
                    Shown::Few(_) | Shown::Hidden => {
                        assert!(numbers.len() > 1, "{rows:?} {shown:?}: {row},{column} must be {numbers:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_small_cell_takes_others_with_it() {
        let shown = Table::new(&[vec![3, 7, 20], vec![8, 9, 30], vec![10, 11, 0]]).shown(5);
        assert_eq!(shown[0][0], Shown::Few(5));
        let hidden = shown.iter().flatten().filter(|shown| **shown == Shown::Hidden).count();
        assert_eq!(hidden, 3, "{shown:?}");
        assert_eq!(shown[2][2], Shown::Count(0));
        assert_eq!(shown[3][3], Shown::Count(98));
    }

    #[test]
    fn what_is_large_or_nothing_is_shown() {
        let shown = Table::new(&[vec![5, 0], vec![0, 12]]).shown(5);
        assert!(shown.iter().flatten().all(|shown| matches!(shown, Shown::Count(_))), "{shown:?}");
        let shown = Table::new(&[vec![1, 2], vec![3, 4]]).shown(0);
        assert!(shown.iter().flatten().all(|shown| matches!(shown, Shown::Count(_))), "{shown:?}");
    }

    #[test]
    fn a_large_one_beside_two_small_ones_gives_neither_away() {
        for (one, other) in (1..5).flat_map(|one| (1..5).map(move |other| (one, other))) {
            nobody_can_tell_who_knows_of(1, &[vec![7], vec![one], vec![other]], 5);
            nobody_can_tell_who_knows_of(1, &[vec![7, 0], vec![one, 0], vec![0, other]], 5);
            nobody_can_tell_who_knows_of(1, &[vec![7, one, other]], 5);
        }
    }

    #[test]
    fn one_request_alone_is_hidden_up_to_the_sum() {
        nobody_can_tell(&[vec![1]], 5);
        nobody_can_tell(&[vec![1, 0], vec![0, 0]], 5);
        nobody_can_tell(&[vec![4, 4], vec![0, 0]], 5);
        nobody_can_tell(&[vec![1, 4], vec![4, 1]], 5);
        // Two blocks with one cell between them: each row and column hides two, and the bridge is known all the same.
        nobody_can_tell(&[vec![3, 6, 0, 0], vec![6, 6, 3, 0], vec![0, 0, 6, 6], vec![0, 0, 6, 6]], 5);
        assert_eq!(Table::new(&[]).shown(5), [[Shown::Count(0)]]);
    }

    #[test]
    fn a_wide_table_is_done_in_time() {
        let rows: Vec<Vec<u64>> =
            (0..25).map(|row| (0..60).map(|column| (row * 7 + column * 13) % 17 % 9).collect()).collect();
        let shown = Table::new(&rows).shown(5);
        assert!(shown[25][60] != Shown::Few(5));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn nobody_can_tell_what_is_hidden(
            rows in (1usize..=3, 1usize..=3).prop_flat_map(|(rows, columns)| {
                let cell = prop_oneof![2 => Just(0u64), 4 => 1u64..5, 3 => 5u64..9];
                prop::collection::vec(prop::collection::vec(cell, columns), rows)
            }),
            few in prop_oneof![4 => Just(5u64), 1 => 2u64..5],
        ) {
            // Larger ones cannot be tried out in time.
            prop_assume!(rows.len() * rows[0].len() <= 6);
            nobody_can_tell(&rows, few);
        }
    }
}
