import { setTimeout as delay } from 'node:timers/promises';
import type { GeneratedLedger } from '../ledger/generated-ledger.ts';
import type { SpiraClient } from '../spira/spira-client.ts';

/** Each look is a call that the server answers beside those of the recorders, so there are few. */
const LOOK_MS = 250;

/** What one retention did. */
export interface Retention {
  runs: number;
  partitionsRewritten: number;
  seconds: number;
}

interface Job {
  jobId: number;
  state: string;
  result: { runs: number; partitionsRewritten: number } | null;
}

/** Has the server keep the runs of so many days only, waits until the others are gone, and returns how that went. */
export async function retain({ client, product }: GeneratedLedger, keepDays: number): Promise<Retention> {
  const connection = client(1);
  const project = `projects/${product.projectId}`;
  await connection.putNative(`${project}/settings/retention`, { keepDays });
  const startedAt = performance.now();
  const [queued] = (await native<{ items: Job[] }>(connection, 'POST', `${project}/data-tools/apply-retention/runs`))
    .items;
  if (!queued) throw new Error('No retention was queued');
  for (;;) {
    const job = await native<Job>(connection, 'GET', `jobs/${queued.jobId}`);
    const seconds = (performance.now() - startedAt) / 1_000;
    if (job.state === 'done' && job.result) return { ...job.result, seconds };
    if (job.state !== 'queued' && job.state !== 'running') throw new Error(`The retention has ${job.state}`);
    await delay(LOOK_MS);
  }
}

async function native<Answer>(client: SpiraClient, method: 'GET' | 'POST', path: string): Promise<Answer> {
  const body = method === 'POST' ? Buffer.from('{}') : undefined;
  const { status, text } = await client.call(method, `/api/v1/${path}`, body);
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Answer;
}
