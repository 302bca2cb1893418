import type { Database } from '../storage/database.ts';
import { listRecorders, lockBlocks } from '../storage/locks.ts';
import {
  countBlock,
  findBlockExtent,
  listBlocks,
  listOutdatedBlocks,
  nextBlockWithRuns,
  storeBlockExtent,
} from '../storage/run-blocks.ts';
import { runDimensions } from '../storage/run-dimensions.ts';
import { lastRunId } from '../storage/run-partitions.ts';
import { sumValueTotals } from '../storage/value-totals.ts';
import { inPortions, type Portions } from './portions.ts';

/**
 * Tells below which run id nobody adds runs any more. Ids are given out in order but committed in any: an id is closed
 * when every transaction that was recording when it was given out has ended. Nobody waits for that: it is looked at now
 * and then, and what was seen before is remembered.
 */
export class ClosedRunIds {
  private closedBelow = 0;
  private seen: { belowId: number; recorders: ReadonlySet<string> } | undefined;

  /** Whether anybody was recording when it was last looked. */
  get somebodyRecords(): boolean {
    return (this.seen?.recorders.size ?? 0) > 0;
  }

  /** Returns the id below which every run of every project is committed, or never will be. */
  async below(db: Database): Promise<number> {
    this.seen ??= await this.look(db);
    const recorders = await listRecorders(db);
    if (!recorders.some((recorder) => this.seen?.recorders.has(recorder))) {
      this.closedBelow = Math.max(this.closedBelow, this.seen.belowId);
      this.seen = await this.look(db);
      if (this.seen.recorders.size === 0) this.closedBelow = Math.max(this.closedBelow, this.seen.belowId);
    }
    return this.closedBelow;
  }

  /** The id first: whoever took one up to it before and has not ended is then among the recorders. */
  private async look(db: Database): Promise<{ belowId: number; recorders: ReadonlySet<string> }> {
    const belowId = (await lastRunId(db)) + 1;
    return { belowId, recorders: new Set(await listRecorders(db)) };
  }
}

/** Blocks that one call counts at most, so that each project gets its turn and recorders a rest. */
const BLOCKS_AT_ONCE = 1;

/**
 * Counts blocks of a project that are closed and not counted, or not current any more; returns whether there may be
 * more to do. Each block is a transaction of its own; edits and deletions of runs wait for it, recorders do not.
 */
export async function countBlocks(db: Database, projectId: number, closedBelowId: number): Promise<boolean> {
  const outdated = await listOutdatedBlocks(db, projectId, BLOCKS_AT_ONCE);
  for (const block of outdated) await recountBlock(db, projectId, block);
  for (let counted = outdated.length; counted < BLOCKS_AT_ONCE; counted += 1) {
    if (!(await countNextBlock(db, projectId, closedBelowId))) return false;
  }
  return true;
}

async function countNextBlock(db: Database, projectId: number, closedBelowId: number): Promise<boolean> {
  return db.transaction(async (transaction) => {
    await lockBlocks(transaction, projectId);
    const extent = await findBlockExtent(transaction, projectId);
    const { span, countedBelow } = extent;
    const block = await nextBlockWithRuns(transaction, projectId, { from: countedBelow, span });
    if (block === undefined || (block + 1) * span > closedBelowId) return false;
    await countBlock(transaction, projectId, { ...extent, block });
    await storeBlockExtent(transaction, projectId, { ...extent, countedBelow: block + 1 });
    return true;
  });
}

async function recountBlock(db: Database, projectId: number, block: number): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockBlocks(transaction, projectId);
    const extent = await findBlockExtent(transaction, projectId);
    return block < extent.countedBelow ? countBlock(transaction, projectId, { ...extent, block }) : 0;
  });
}

/** Counts every counted block of a project again, and sums them up; returns how many stored rows were wrong. */
export async function recountBlocks(db: Database, projectId: number, portions: Portions): Promise<number> {
  const ids = await listBlocks(db, projectId);
  const wrongInBlocks = await inPortions({ ...portions, phase: 'counting blocks of runs', ids, first: 1 }, (blocks) =>
    sumOf(blocks, (block) => recountBlock(db, projectId, block)),
  );
  const dimensions = Object.values(runDimensions).map(({ id }) => id);
  const wrongTotals = await inPortions({ ...portions, phase: 'summing up blocks', ids: dimensions, first: 1 }, (some) =>
    sumOf(some, (dimension) => sumTotals(db, projectId, dimension)),
  );
  return wrongInBlocks + wrongTotals;
}

async function sumTotals(db: Database, projectId: number, dimension: number): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockBlocks(transaction, projectId);
    return sumValueTotals(transaction, projectId, dimension);
  });
}

async function sumOf(ids: readonly number[], work: (id: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const id of ids) sum += await work(id);
  return sum;
}
