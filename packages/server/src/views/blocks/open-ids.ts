import type { Queryable } from '../../storage/database.ts';

/** A range of run ids: from included, below excluded; without `below`, open. */
export interface IdRange {
  from: number;
  below: number | undefined;
}

/** How far the blocks of a project go, and which ids they say nothing of. */
export interface BlockState {
  span: number;
  /** The runs with these ids have to be looked at. */
  open: IdRange[];
  /** How many blocks the open ids stretch over. */
  openBlocks: number;
  /** Counted blocks that are not current any more: their runs are among the open ones. */
  outdated: readonly number[];
}

/** Returns the state of the blocks of a project; undefined while none is counted. */
export async function readBlockState(db: Queryable, projectId: number): Promise<BlockState | undefined> {
  const [row] = await db.query<{ span: number; countedBelow: number; outdated: number[]; lastId: number | null }>({
    name: 'read-block-state',
    text: `select e.span, e.counted_below as "countedBelow",
                  array(select block::float8 from run_block b where b.project_id = $1 and not b.is_current order by block) as outdated,
                  (select max(test_run_id) from test_run where project_id = $1) as "lastId"
             from run_block_extent e where e.project_id = $1 and e.counted_below > 0`,
    values: [projectId],
  });
  if (!row) return undefined;
  const { span, countedBelow, outdated } = row;
  const behind = Math.max(0, Math.ceil(((row.lastId ?? 0) + 1) / span) - countedBelow);
  return {
    span,
    open: [...blockRanges(outdated, span), { from: countedBelow * span, below: undefined }],
    openBlocks: outdated.length + behind,
    outdated,
  };
}

/** Returns the ranges of ids of some blocks, neighbours as one. */
export function blockRanges(blocks: readonly number[], span: number): IdRange[] {
  const ranges: { from: number; below: number }[] = [];
  for (const block of blocks.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.below === block * span) last.below += span;
    else ranges.push({ from: block * span, below: (block + 1) * span });
  }
  return ranges;
}

/** Returns SQL that is true for the ids in these ranges. Ranges and ids are numbers of our own, so they stand in the text. */
export function inRanges(key: string, ranges: readonly IdRange[]): string {
  const each = ranges.map(({ from, below }) =>
    below === undefined ? `${key} >= ${from}` : `(${key} >= ${from} and ${key} < ${below})`,
  );
  return each.length > 0 ? `(${each.join(' or ')})` : 'false';
}
