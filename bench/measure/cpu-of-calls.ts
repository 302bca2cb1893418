import type { Database } from '../../packages/server/src/storage/database.ts';
import { cpuTime, cpuTimeOfFamily, postmasterOf } from './cpu-time.ts';

/** CPU time that one call took, in milliseconds, by who spent it. */
export interface CpuOfCall {
  /** The benchmark itself, which calls. */
  recorder: number;
  server: number;
  postgres: number;
}

/** Whose time is looked at: the process that is called, and the PostgreSQL behind it. */
export interface Called {
  pid: number | undefined;
  db: Database;
}

/** Does some work that calls, and returns what it gave with the CPU time of a call; undefined where no file tells it. */
export async function cpuOfCalls<Result>(
  called: Called,
  call: () => Promise<number>,
  work: (counted: () => Promise<number>) => Promise<Result>,
): Promise<Result & { cpu: CpuOfCall | undefined }> {
  let calls = 0;
  const before = await cpuOf(called);
  const result = await work(() => {
    calls += 1;
    return call();
  });
  const after = await cpuOf(called);
  return { ...result, cpu: before && after && perCall(before, after, calls) };
}

function perCall(before: CpuOfCall, after: CpuOfCall, calls: number): CpuOfCall {
  return {
    recorder: (after.recorder - before.recorder) / calls,
    server: (after.server - before.server) / calls,
    postgres: (after.postgres - before.postgres) / calls,
  };
}

async function cpuOf({ pid, db }: Called): Promise<CpuOfCall | undefined> {
  const postgres = await cpuTimeOfFamily(await postmasterOf(db));
  const server = await cpuTime(pid);
  if (postgres === undefined || server === undefined) return undefined;
  return { recorder: process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000, server, postgres };
}
