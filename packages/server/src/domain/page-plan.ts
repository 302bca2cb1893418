// Finding a page of a long list without walking to it: the list is cut into cells, of each it is known how many rows it
// has and between which places of the order they lie. Cells may overlap.

/** Some rows of a list. Places grow in the direction of the order. */
export interface PageCell {
  /** No row of the cell stands before this place, none behind `last`. */
  first: number;
  last: number;
  /** How many rows there are; more than there are, unless `isExact`. */
  count: number;
  isExact: boolean;
}

export interface Slice {
  offset: number;
  limit: number;
}

/** Where a page is found: in the rows of these cells, ordered, after so many of them. */
export interface PagePlan<Cell> {
  cells: Cell[];
  skip: number;
}

/**
 * Returns the cells that can hold rows of a page. Cells whose rows all stand before the page only count; so do those
 * behind it, not at all. All cells must be exact. Ties at the border of two cells keep both.
 */
export function planPage<Cell extends PageCell>(cells: readonly Cell[], { offset, limit }: Slice): PagePlan<Cell> {
  const possiblyUpTo = countsBy(cells, (cell) => cell.first);
  const certainlyBelow = countsBy(cells, (cell) => cell.last);
  let skipped = 0;
  const wanted: Cell[] = [];
  for (const cell of cells) {
    if (cell.count === 0) continue;
    if (possiblyUpTo(cell.last, 'included') <= offset) skipped += cell.count;
    else if (certainlyBelow(cell.first, 'excluded') < offset + limit) wanted.push(cell);
  }
  return { cells: wanted, skip: offset - skipped };
}

/** Returns a function that tells how many rows are in cells whose place is up to the one given. */
function countsBy<Cell extends PageCell>(cells: readonly Cell[], placeOf: (cell: Cell) => number) {
  const sorted = cells.toSorted((a, b) => placeOf(a) - placeOf(b));
  const sums = [0];
  for (const cell of sorted) sums.push((sums.at(-1) ?? 0) + cell.count);
  return (place: number, border: 'included' | 'excluded'): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = placeOf(sorted[middle]!);
      if (at < place || (border === 'included' && at === place)) low = middle + 1;
      else high = middle;
    }
    return sums[low] ?? 0;
  };
}

/**
 * Returns the cells at the beginning of the order that are expected to hold so many rows, and the place from which on
 * rows of other cells may stand. `expected` estimates how many rows of a cell are wanted ones.
 */
export function firstCells<Cell extends PageCell>(
  cells: readonly Cell[],
  { rows, atLeast, expected }: { rows: number; atLeast: number; expected: (cell: Cell) => number },
): { cells: Cell[]; certainBelow: number } {
  const sorted = cells.filter((cell) => cell.count > 0).toSorted((a, b) => a.first - b.first);
  let found = 0;
  let taken = 0;
  while (taken < sorted.length && (taken < atLeast || found < rows)) {
    found += expected(sorted[taken]!);
    taken += 1;
  }
  return { cells: sorted.slice(0, taken), certainBelow: sorted[taken]?.first ?? Number.POSITIVE_INFINITY };
}
