import { refreshPending } from '../../src/rollups/refresh.ts';
import { verifyFigures } from '../../src/rollups/verify.ts';
import type { Database } from '../../src/storage/database.ts';
import { type Call, shapes } from './calls.ts';

/** What is stored, compared with what was acknowledged. */
export interface Proof {
  /** Runs that were acknowledged and are not stored, and deletions that were acknowledged and not done. */
  lost: number;
  /** Calls that are stored in part. */
  half: number;
  /** Calls that are stored more often than they were made. */
  doubled: number;
  /** Figures that differ from what the runs make of them, after a refresh. */
  differences: number;
}

interface Stored {
  name: string;
  ids: number[];
  deletedIds: number[];
  steps: number;
}

/** Compares what is stored with what the clients know; refreshes what is pending and verifies all figures. */
export async function proveStored(db: Database, calls: readonly Call[]): Promise<Proof> {
  const proof: Proof = { lost: 0, half: 0, doubled: 0, differences: 0 };
  for (const projectId of new Set(calls.map((call) => call.product.projectId))) {
    const stored = await storedCalls(db, projectId);
    for (const call of calls) {
      if (call.product.projectId === projectId) addTo(proof, call, stored.get(call.name));
    }
    await refreshed(db, projectId);
    const { differences, orphans, pending } = await verifyFigures(db, projectId);
    proof.differences += differences.length + orphans.length + pending;
  }
  return proof;
}

const PATIENCE_MS = 30_000;

/** A session that was cut off keeps the lock of figures until PostgreSQL ends it; who refreshes meanwhile is told so. */
async function refreshed(db: Database, projectId: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await refreshPending(db, projectId);
      return;
    } catch (error) {
      const isLocked = (error as { code?: unknown }).code === '55P03';
      if (!isLocked || performance.now() > deadline) throw error;
    }
  }
}

function addTo(proof: Proof, call: Call, stored: Stored | undefined): void {
  const { runs, steps } = shapes[call.kind];
  const ids = new Set(stored?.ids);
  if (call.isAcknowledged) {
    proof.lost += call.runIds.filter((id) => !ids.has(id)).length + Math.max(0, runs - call.runIds.length);
  }
  if (call.deletion === 'acknowledged' && !stored?.deletedIds.includes(call.runIds[0] ?? 0)) proof.lost += 1;
  // Deleted although nobody has asked: as good as lost.
  if (call.deletion === 'none') proof.lost += stored?.deletedIds.length ?? 0;
  if (ids.size % runs !== 0 || (stored && stored.steps !== ids.size * steps)) proof.half += 1;
  if (ids.size > runs) proof.doubled += 1;
}

async function storedCalls(db: Database, projectId: number): Promise<Map<string, Stored>> {
  const rows = await db.query<Stored>(
    `select r.name, array_agg(r.test_run_id) as ids,
            coalesce(array_agg(r.test_run_id) filter (where r.is_deleted), '{}') as "deletedIds",
            sum((select count(*) from test_run_step s
                  where s.project_id = r.project_id and s.test_run_id = r.test_run_id))::int as steps
       from test_run r where r.project_id = $1 group by r.name`,
    [projectId],
  );
  const ofNumbers = (ids: readonly unknown[]) => ids.map(Number);
  return new Map(
    rows.map((row) => [row.name, { ...row, ids: ofNumbers(row.ids), deletedIds: ofNumbers(row.deletedIds) }]),
  );
}
