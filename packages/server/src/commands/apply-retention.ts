import { expiryOf } from '../domain/retention.ts';
import { countExpired, deleteExpired, type ExpiryScope, listExpired } from '../storage/expired-runs.ts';
import { dropLeftovers, rewritePartition } from '../storage/partition-rewrite.ts';
import { lastRunId, listRunPartitions, type RunPartition } from '../storage/run-partitions.ts';
import { pageRanges, unhurried } from '../storage/unhurried.ts';
import type { CommandContext } from './context.ts';

/** How many runs a partition has, of all projects, and how many of them are to go. */
interface Counts {
  all: number;
  expired: number;
}

/** With so many old runs, and more than half of it, a partition is rewritten: its space is then free. */
const isWorthRewriting = ({ all, expired }: Counts): boolean => expired >= 20_000 && expired > all / 2;
/** A rewrite that had to give way to somebody's edit is tried again so often; then the runs are deleted instead. */
const REWRITE_ATTEMPTS = 3;
/** Fewer are deleted; so many at once hold the lock of figures for some 8 ms. */
const RUNS_PER_DELETION = 250;

export interface RetentionOptions {
  /** Runs that ended within so many days stay. */
  keepDays: number;
  onProgress?: (done: number, total: number) => Promise<void>;
  /** Stops between portions; what has gone until then is gone. */
  signal?: AbortSignal;
  /** Whether a partition of which every id was given is rewritten; given only by tests. */
  isWorthRewriting?: (counts: Counts) => boolean;
}

export interface RetentionReport {
  /** Runs that are gone. */
  runs: number;
  /** Partitions that were replaced by smaller ones. */
  partitionsRewritten: number;
}

/**
 * Deletes the runs of a project that ended more than `keepDays` days ago, deleted ones included, except those that a
 * figure, a pending change or the work of people needs (storage/expired-runs.ts): no figure changes. May be done again
 * from the start at any time. The caller refreshes what is pending first, or it stays.
 */
export async function applyRetention(
  { db, now }: Pick<CommandContext, 'db' | 'now'>,
  projectId: number,
  options: RetentionOptions,
): Promise<RetentionReport> {
  const { signal } = options;
  const scope = { projectId, expiry: expiryOf(options.keepDays, now()), signal };
  await dropLeftovers(db);
  const partitions = await listRunPartitions(db);
  const report: RetentionReport = { runs: 0, partitionsRewritten: 0 };
  for (const [done, partition] of partitions.entries()) {
    signal?.throwIfAborted();
    await options.onProgress?.(done, partitions.length);
    const counts = await countUnhurried(db, partition, scope);
    if (counts.expired === 0) continue;
    const isWorthwhile = (options.isWorthRewriting ?? isWorthRewriting)(counts);
    const isComplete = (await lastRunId(db)) >= partition.end;
    const rewrittenRuns = isWorthwhile && isComplete ? await rewritten(db, partition, scope) : undefined;
    if (rewrittenRuns !== undefined) report.partitionsRewritten += 1;
    report.runs += rewrittenRuns ?? (await deleteInPortions(db, partition, scope));
  }
  return report;
}

type Scope = Omit<ExpiryScope, 'start' | 'end'> & { signal: AbortSignal | undefined };

async function countUnhurried(db: CommandContext['db'], partition: RunPartition, scope: Scope): Promise<Counts> {
  const counts: Counts = { all: 0, expired: 0 };
  for (const isInRange of await pageRanges(db, partition.runs)) {
    scope.signal?.throwIfAborted();
    const { all, expired } = await unhurried(() => countExpired(db, partition, { ...scope, isInRange }));
    counts.all += all;
    counts.expired += expired;
  }
  return counts;
}

async function rewritten(db: CommandContext['db'], partition: RunPartition, scope: Scope): Promise<number | undefined> {
  for (let attempt = 1; attempt <= REWRITE_ATTEMPTS; attempt += 1) {
    scope.signal?.throwIfAborted();
    const runs = await rewritePartition(db, partition, scope);
    if (runs !== undefined) return runs;
  }
  return undefined;
}

async function deleteInPortions(db: CommandContext['db'], partition: RunPartition, scope: Scope): Promise<number> {
  const ids = await listExpired(db, partition, scope);
  let gone = 0;
  for (let done = 0; done < ids.length; done += RUNS_PER_DELETION) {
    scope.signal?.throwIfAborted();
    const portion = ids.slice(done, done + RUNS_PER_DELETION);
    gone += await unhurried(() => deleteExpired(db, partition, { ...scope, runIds: portion }));
  }
  return gone;
}

/** Returns how many runs `applyRetention` would delete now; changes nothing. */
export async function previewRetention(
  { db, now }: Pick<CommandContext, 'db' | 'now'>,
  projectId: number,
  keepDays: number,
): Promise<number> {
  const scope = { projectId, expiry: expiryOf(keepDays, now()) };
  let runs = 0;
  for (const partition of await listRunPartitions(db)) runs += (await countExpired(db, partition, scope)).expired;
  return runs;
}
