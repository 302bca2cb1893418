import type { BenchLedger } from '../ledger/bench-ledger.ts';
import { cpuOfCalls } from '../measure/cpu-of-calls.ts';
import { inTurn } from '../measure/in-turn.ts';
import { load, type Round } from '../measure/load.ts';
import { median, percentile } from '../measure/percentile.ts';
import type { BenchProduct } from '../product/create-product.ts';
import { addCpu } from '../report/cpu-figures.ts';
import { addErrors } from '../report/error-figures.ts';
import { atLeast, atMost, type Target } from '../report/target.ts';
import { SpiraClient } from '../spira/spira-client.ts';
import type { Bench } from '../suite.ts';
import { startBareServer } from './bare-http.ts';
import { asRecorder, copyOfSameRows, sameRowsWithoutHttp } from './ceilings.ts';
import { makeBatches, recordMultiple, recordMultiplePath } from './recorder.ts';

/** Connections that record at once. */
const CONNECTIONS = [1, 8] as const;

/** Measures `record-multiple` beside its ceilings, in turns. */
export async function againstCeilings(
  { options, report }: Bench,
  { ledger, product, where }: { ledger: BenchLedger; product: BenchProduct; where: string },
): Promise<void> {
  const { projectId } = product;
  const batches = makeBatches(product);
  const connections = Math.max(...CONNECTIONS);
  const record = recordMultiple(ledger.client(connections), projectId, batches);
  const insert = sameRowsWithoutHttp(ledger.db, projectId, batches);
  const copy = await copyOfSameRows(ledger.db, projectId, batches);
  const oneAnswer = await ledger.client(1).post(recordMultiplePath(projectId), batches[0]);
  await using bareServer = await startBareServer(JSON.stringify(oneAnswer));
  using bareClient = new SpiraClient({ url: bareServer.url, user: '', key: '', connections });
  const bare = recordMultiple(bareClient, projectId, batches);
  const serverPid = ledger.servers[0]?.process.pid;
  for (const lanes of CONNECTIONS) {
    report.progress(`${where}, ${lanes} connection(s), ${options.rounds} rounds of 4 sides ...`);
    const side =
      (call: () => Promise<number>, pid = serverPid) =>
      () =>
        cpuOfCalls({ db: ledger.db, pid }, call, (counted) => load({ lanes, seconds: options.seconds }, counted));
    const recording =
      <Result>(work: () => Promise<Result>) =>
      () =>
        asRecorder(ledger.db, projectId, work);
    const measured = await inTurn(options.rounds, {
      http: side(record),
      insert: recording(side(insert)),
      copy: recording(side(copy)),
      bare: side(bare, bareServer.pid),
    });
    const rate = {
      http: rateOf(measured.http),
      insert: rateOf(measured.insert),
      copy: rateOf(measured.copy),
      bare: rateOf(measured.bare),
    };
    const latencies = measured.http.flatMap((round) => round.latencies);
    const add = report.under(`${where}, ${lanes} connection(s)`);
    // Only the load of many recorders is held against targets; one alone shows what a call costs.
    const target = (wanted: Target) => (lanes === 8 ? wanted : undefined);
    add('record-multiple (orientation: 10,000)', rate.http, { unit: 'runs/s' });
    add('ceiling (a): same rows without HTTP', rate.insert, { unit: 'runs/s' });
    add('ceiling (b): COPY of the same rows', rate.copy, { unit: 'runs/s' });
    add('record-multiple : ceiling (a)', rate.http / rate.insert, { target: target(atLeast(0.7)) });
    add('record-multiple : ceiling (b)', rate.http / rate.copy, { target: target(atLeast(0.4)) });
    // Both need the same processors: a call that does the work of both takes the time of both.
    const both = 1 / (1 / rate.bare + 1 / rate.insert);
    add('a server that only parses and answers', rate.bare, { unit: 'runs/s' });
    add('that server and ceiling (a) together', both, { unit: 'runs/s' });
    add('record-multiple : both together', rate.http / both);
    add('both together : ceiling (a)', both / rate.insert);
    add('both together : ceiling (b)', both / rate.copy);
    add('p50 of a call of 500', percentile(latencies, 0.5), { unit: 'ms' });
    add('p99 of a call of 500', percentile(latencies, 0.99), { unit: 'ms', target: target(atMost(500)) });
    // A ceiling that fails is no ceiling.
    addErrors(add, Object.values(measured).flat());
    addCpu(add, 'record-multiple', measured.http);
    addCpu(add, 'ceiling (a)', measured.insert);
    addCpu(add, 'ceiling (b)', measured.copy);
    addCpu(add, 'a server that only parses and answers', measured.bare);
  }
}

const rateOf = (rounds: readonly Round[]): number => median(rounds.map((round) => round.perSecond));
