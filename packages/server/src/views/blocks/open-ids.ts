import type { Queryable } from '../../storage/database.ts';
import type { BlockSpans } from '../../storage/run-blocks.ts';

/** A range of run ids: from included, below excluded; without `below`, open. */
export interface IdRange {
  from: number;
  below: number | undefined;
}

export type ClosedIdRange = IdRange & { below: number };

/** How far the blocks of a project go, and which ids they say nothing of. */
export interface BlockState {
  spans: BlockSpans;
  /** The runs with these ids have to be looked at. */
  open: IdRange[];
  /** How many blocks the open ids stretch over. */
  openBlocks: number;
  /** Counted blocks that are not current any more: their runs are among the open ones. */
  outdated: readonly number[];
}

/** Returns the state of the blocks of a project; undefined while none is counted. */
export async function readBlockState(db: Queryable, projectId: number): Promise<BlockState | undefined> {
  const [row] = await db.query<BlockSpans & { countedBelow: number; outdated: number[]; lastId: number | null }>({
    name: 'read-block-state',
    text: `select e.span, e.part_span as "partSpan", e.counted_below as "countedBelow",
                  array(select block::float8 from run_block b where b.project_id = $1 and not b.is_current order by block) as outdated,
                  (select max(test_run_id) from test_run where project_id = $1) as "lastId"
             from run_block_extent e where e.project_id = $1 and e.counted_below > 0`,
    values: [projectId],
  });
  if (!row) return undefined;
  const { span, partSpan, countedBelow, outdated } = row;
  const behind = Math.max(0, Math.ceil(((row.lastId ?? 0) + 1) / span) - countedBelow);
  return {
    spans: { span, partSpan },
    open: [
      ...joined(outdated.map((block) => idsOfBlock(block, span))),
      { from: countedBelow * span, below: undefined },
    ],
    openBlocks: outdated.length + behind,
    outdated,
  };
}

/** Returns the ids of a block. */
export const idsOfBlock = (block: number, span: number): ClosedIdRange => ({
  from: block * span,
  below: (block + 1) * span,
});

/** Returns the ids of a part of a block; the last part may be shorter than the others. */
export const idsOfPart = (block: number, part: number, { span, partSpan }: BlockSpans): ClosedIdRange => ({
  from: block * span + part * partSpan,
  below: block * span + Math.min((part + 1) * partSpan, span),
});

/** Returns the same ranges in order, neighbours as one. */
export function joined(ranges: readonly ClosedIdRange[]): ClosedIdRange[] {
  const all: ClosedIdRange[] = [];
  for (const { from, below } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last?.below === from) last.below = below;
    else all.push({ from, below });
  }
  return all;
}
