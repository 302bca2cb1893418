import { type BenchLedger, freshLedger } from '../ledger/bench-ledger.ts';
import { createProduct } from '../product/create-product.ts';
import { makeRuns } from '../product/run-bodies.ts';
import { exactly } from '../report/target.ts';
import type { SpiraClient } from '../spira/spira-client.ts';
import type { Bench } from '../suite.ts';
import { hugeTrace } from './large-bodies.ts';
import { addPeak } from './peak-memory.ts';

const LENGTH = 10_000_000;
const PART_LENGTH = 1_000_000;

interface RunAnswer {
  TestRunId: number;
  RunnerStackTrace: string;
}

interface TextPart {
  text: string;
  nextOffset: number | null;
}

/** Stores a trace of 10 MB and reads it whole and in parts, each by a server that has answered nothing before. */
export async function hugeTraceStoredAndRead({ report, postgres, options }: Bench): Promise<void> {
  report.progress('a trace of 10 MB ...');
  await using ledger = await freshLedger(await postgres.embedded(), { processes: 4 });
  const product = await createProduct(ledger.client(1), options);
  const trace = hugeTrace(LENGTH);
  const [run] = makeRuns(product, 1, 0);
  const runs = `projects/${product.projectId}/test-runs`;
  const ways = [
    { how: 'stored', act: (client) => client.post<RunAnswer>(`${runs}/record`, { ...run, RunnerStackTrace: trace }) },
    { how: 'read whole', act: (client, id) => client.get<RunAnswer>(`${runs}/${id}/automated`) },
    { how: 'read in parts of 1 M characters', act: (client, id) => inParts(client, `${runs}/${id}`) },
  ] satisfies Way[];
  let testRunId = 0;
  for (const [at, { how, act }] of (ways as Way[]).entries()) {
    const { seconds, answer } = await timed(ledger, at + 1, (client) => act(client, testRunId));
    testRunId ||= answer.TestRunId ?? 0;
    const add = report.under(`trace of 10 MB, ${how}`);
    add('time until all of it is there', seconds, { unit: 's' });
    add('answers that differ from what was sent', answer.RunnerStackTrace === trace ? 0 : 1, { target: exactly(0) });
    await addPeak(report, add, { server: ledger.servers[at + 1] });
  }
}

interface Way {
  how: string;
  act(client: SpiraClient, testRunId: number): Promise<Partial<RunAnswer>>;
}

async function timed<Answer>(ledger: BenchLedger, server: number, act: (client: SpiraClient) => Promise<Answer>) {
  const client = ledger.client(1, server);
  const startedAt = performance.now();
  const answer = await act(client);
  return { answer, seconds: (performance.now() - startedAt) / 1_000 };
}

async function inParts(client: SpiraClient, run: string): Promise<{ RunnerStackTrace: string }> {
  const parts: string[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const asked = `/api/v1/${run}/stack-trace?offset=${offset}&limit=${PART_LENGTH}`;
    const { status, text } = await client.call('GET', asked);
    if (status !== 200) throw new Error(`${asked} answered ${status}`);
    const part = JSON.parse(text) as TextPart;
    parts.push(part.text);
    offset = part.nextOffset;
  }
  return { RunnerStackTrace: parts.join('') };
}
