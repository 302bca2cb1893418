import { beforeEach } from 'vitest';
import { aTestCase, aTestStep } from './builders.ts';
import { testDatabaseWithUrl } from './database.ts';
import { aSentManualRun, aSentRun } from './sent-runs.ts';
import { type Answer, type CallOptions, spiraServer } from './spira-server.ts';

/** Verb, path and body of a call. */
export type Sent = readonly [method: string, path: string, body: unknown];

/** Returns a key that nobody has used. */
export const newKey = () => `"${crypto.randomUUID()}"`;

/** A server whose calls bear an Idempotency-Key, and for each test a product with a case and a step. */
export async function keyedCalls() {
  const { db, connectionString } = await testDatabaseWithUrl({ poolSize: 12 });
  const server = await spiraServer(db);
  const own = { projectId: 0, testCaseId: 0, testStepId: 0 };
  beforeEach(async () => {
    own.projectId = await server.ownProject();
    own.testCaseId = await aTestCase(db, own.projectId);
    own.testStepId = await aTestStep(db, own.projectId, { testCaseId: own.testCaseId });
  });
  const automated = (more: object = {}) => aSentRun(own.testCaseId, more);
  const sendAs = ([method, path, body]: Sent, key: string, options: CallOptions = {}): Promise<Answer> =>
    server.call(method, path, { body, ...options, headers: { 'idempotency-key': key, ...options.headers } });
  return {
    db,
    connectionString,
    server,
    own,
    automated,
    manual: () => aSentManualRun(own),
    sendAs,
    record: (key: string, body: unknown = automated(), options: CallOptions = {}) =>
      sendAs(['POST', `projects/${own.projectId}/test-runs/record`, body], key, options),
    storedRuns: async () => {
      const [row] = await db.query<{ count: number }>('select count(*) from test_run where project_id = $1', [
        own.projectId,
      ]);
      return row?.count;
    },
    keptKeys: async () =>
      (await db.query('select 1 from idempotency_key where project_id = $1', [own.projectId])).length,
  };
}
