import { type Issue, refuse } from '../domain/errors.ts';
import { buildStatuses } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { outsideTable, requireExisting } from './input-checks.ts';

export interface BuildInput {
  name?: string | null;
  description?: string | null;
  buildStatusId?: number | null;
  creationDate?: Date | null;
  revisions?: readonly RevisionInput[] | null;
}

export interface RevisionInput {
  revisionKey?: string | null;
  creationDate?: Date | string | null;
}

/**
 * Records a build of a release and returns its id. Test sets of the release that are scheduled by builds get a new
 * planned date: the date of the build and the seconds they wait (semantics 3.4).
 */
export async function createBuild(
  { db, now, projectId }: ProjectCommand,
  { releaseId, build }: { releaseId: number; build: BuildInput },
): Promise<number> {
  const createdAt = build.creationDate ?? now();
  return db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    refuse([
      ...outsideTable(buildStatuses, 'buildStatusId', build.buildStatusId ?? 0, 'a build status'),
      ...unnamedRevisions(build.revisions ?? []),
    ]);
    const created = await transaction.kysely
      .insertInto('build')
      .values({
        projectId,
        releaseId,
        buildStatusId: build.buildStatusId ?? 0,
        name: build.name ?? '',
        description: build.description ?? null,
        createdAt,
      })
      .returning('buildId')
      .executeTakeFirstOrThrow();
    await insertRevisions(transaction, projectId, { buildId: created.buildId, revisions: build.revisions ?? [] });
    await scheduleTestSets(transaction, projectId, { releaseId, createdAt });
    return created.buildId;
  });
}

function unnamedRevisions(revisions: readonly RevisionInput[]): Issue[] {
  return revisions.flatMap(({ revisionKey }, position) => {
    if (revisionKey) return [];
    return [{ code: 'invalid', field: `revisions[${position}].revisionKey`, message: 'RevisionKey is required' }];
  });
}

async function insertRevisions(
  transaction: Transaction,
  projectId: number,
  { buildId, revisions }: { buildId: number; revisions: readonly RevisionInput[] },
): Promise<void> {
  if (revisions.length === 0) return;
  await transaction.query(
    `insert into build_revision (project_id, build_id, position, revision_key, created_at)
     select $1, $2, r.position, r.key, r.created_at
       from unnest($3::text[], $4::timestamptz[]) with ordinality as r (key, created_at, position)`,
    [projectId, buildId, revisions.map((one) => one.revisionKey), revisions.map((one) => one.creationDate ?? null)],
  );
}

/** The new date is an edit of the set: it changes the stamp, so that nobody writes an older plan over it unknowingly. */
async function scheduleTestSets(
  transaction: Transaction,
  projectId: number,
  { releaseId, createdAt }: { releaseId: number; createdAt: Date },
): Promise<void> {
  await transaction.query(
    `update test_set
        set planned_date = $3::timestamptz + make_interval(secs => greatest(coalesce(build_execute_time_interval, 0), 0)),
            updated_at = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms'),
            concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
      where project_id = $1 and release_id = $2 and is_auto_scheduled and not is_deleted`,
    [projectId, releaseId, createdAt],
  );
}
