import { readdir, readFile } from 'node:fs/promises';
import type { Database } from '../../packages/server/src/storage/database.ts';

/** Linux counts CPU time for programs in hundredths of a second, whatever its own clock does. */
const TICK_MS = 10;

/** Returns the CPU time in milliseconds that a process has taken so far; undefined where no file tells it. */
export async function cpuTime(pid: number | undefined): Promise<number | undefined> {
  const found = pid === undefined ? undefined : await statOf(pid);
  return found && found.own * TICK_MS;
}

/** The same for a process with all its children, those that have ended included. */
export async function cpuTimeOfFamily(pid: number | undefined): Promise<number | undefined> {
  const parent = pid === undefined ? undefined : await statOf(pid);
  if (!parent) return undefined;
  let ticks = parent.own + parent.ended;
  for (const name of await readdir('/proc')) {
    const child = /^\d+$/.test(name) ? await statOf(Number(name)) : undefined;
    if (child && child.parent === pid) ticks += child.own;
  }
  return ticks * TICK_MS;
}

/** Returns the process whose children serve a database; undefined when it is not seen from here. */
export async function postmasterOf(db: Database): Promise<number | undefined> {
  const [backend] = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  const found = backend && (await statOf(backend.pid));
  return found?.name === 'postgres' ? found.parent : undefined;
}

interface ProcessStat {
  name: string;
  parent: number;
  /** Ticks of the process itself. */
  own: number;
  /** Ticks of its children that have ended and were waited for. */
  ended: number;
}

/** What proc(5) says of a process; undefined when there is none or the system has no such file. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name stands in brackets and may itself contain any character.
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
  if (rest === '') return undefined;
  const fields = rest.split(' ').map(Number);
  const at = (field: number) => fields[field - 3] ?? Number.NaN;
  return { name, parent: at(4), own: at(14) + at(15), ended: at(16) + at(17) };
}
