import type { Database } from '../../packages/server/src/storage/database.ts';
import type { BenchProduct } from '../product/create-product.ts';
import { type GeneratedPeriod, insertFacts } from './facts.ts';
import { refreshFigures } from './figures.ts';
import { insertRuns } from './runs.ts';

export interface GenerateOptions {
  runs: number;
  name: string;
  /** The runs end now and began so many days before. */
  days?: number;
  onProgress: (text: string) => void;
}

/**
 * Generates a product with so many runs straight into a database that has the schema: facts set-wise by SQL, figures
 * by a refresh, statistics by VACUUM ANALYZE. Returns the product's id.
 */
export async function generateProduct(
  db: Database,
  { runs, name, days = 120, onProgress }: GenerateOptions,
): Promise<number> {
  const period: GeneratedPeriod = { firstDay: new Date(Date.now() - days * 86_400_000), days };
  const projectId = await db.transaction((transaction) =>
    insertFacts(transaction, { name: `${name} (being made)`, period }),
  );
  await insertRuns(db, { projectId, runs, period }, (done) => onProgress(`${done} of ${runs} runs are there`));
  onProgress('vacuum analyze');
  await db.query('vacuum analyze');
  onProgress('bringing the figures up to date');
  await refreshFigures(db, projectId);
  await db.query('vacuum analyze');
  // Only now can it be found: one that was made half is never taken for a whole one.
  await db.query('update project set name = $2 where project_id = $1', [projectId, name]);
  // What was written is on disk before anything is measured.
  await db.query('checkpoint');
  return projectId;
}

/** Returns a generated product as a recorder knows it, undefined when there is none of this name. */
export async function findProduct(db: Database, name: string): Promise<BenchProduct | undefined> {
  const [project] = await db.query<{ id: number }>('select project_id as id from project where name = $1', [name]);
  if (!project) return undefined;
  const projectId = project.id;
  const releases = await db.query<{ id: number }>(
    'select release_id as id from release where project_id = $1 order by indent_level',
    [projectId],
  );
  const rows = await db.query<{ testCaseId: number; testSetId: number; rowId: number }>(
    `select test_case_id as "testCaseId", test_set_id as "testSetId", test_set_row_id as "rowId"
       from test_set_row where project_id = $1 order by test_case_id`,
    [projectId],
  );
  return {
    projectId,
    releaseIds: releases.map(({ id }) => id),
    testCaseIds: rows.map(({ testCaseId }) => testCaseId),
    places: new Map(rows.map(({ testCaseId, testSetId, rowId }) => [testCaseId, { testSetId, rowId }])),
  };
}
