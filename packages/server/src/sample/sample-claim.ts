import type { Database, Transaction } from '../storage/database.ts';

/** Keeps two processes that start on an empty ledger from loading the sample product twice. */
const SAMPLE_LOCK = 70;
const SETTING = 'sample';

/** The sole right to load the sample product, and what is known of an earlier attempt. */
export interface SampleClaim {
  /** Returns the product of a load that was cut short, undefined without one. */
  unfinishedProject(): Promise<number | undefined>;
  hasProjects(): Promise<boolean>;
  /** Notes which product is being filled, so that it is recognised as unfinished after a crash. */
  begin(projectId: number): Promise<void>;
  finish(): Promise<void>;
}

/**
 * Runs `work` with the claim, or with undefined while another process has it. A transaction of its own holds the lock, so
 * it goes with the process whatever happens to it, also behind a transaction pooler; `work` opens other ones beside it.
 */
export async function withSampleClaim<Result>(
  db: Database,
  work: (claim: SampleClaim | undefined) => Promise<Result>,
): Promise<Result> {
  const taken = Promise.withResolvers<boolean>();
  const finished = Promise.withResolvers<void>();
  const holding = db.transaction(async (transaction) => {
    taken.resolve(await tryLock(transaction));
    await finished.promise;
  });
  holding.catch(taken.reject);
  try {
    return await work((await taken.promise) ? claimOn(db) : undefined);
  } finally {
    finished.resolve();
    await holding;
  }
}

async function tryLock(transaction: Transaction): Promise<boolean> {
  const [row] = await transaction.query<{ taken: boolean }>('select pg_try_advisory_xact_lock($1::bigint) as taken', [
    SAMPLE_LOCK,
  ]);
  return row?.taken === true;
}

function claimOn(db: Database): SampleClaim {
  return {
    unfinishedProject: async () => {
      const [row] = await db.query<{ projectId: number }>(
        `select project_id as "projectId" from setting
           join project on project_id = (value ->> 'loading')::int where key = $1`,
        [SETTING],
      );
      return row?.projectId;
    },
    hasProjects: async () => (await db.query('select from project limit 1')).length > 0,
    begin: async (projectId) => {
      await db.query(
        `insert into setting (key, value) values ($1, jsonb_build_object('loading', $2::int))
           on conflict (key) do update set value = excluded.value`,
        [SETTING, projectId],
      );
    },
    finish: async () => {
      await db.query('delete from setting where key = $1', [SETTING]);
    },
  };
}
