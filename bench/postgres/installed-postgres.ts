import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { PostgresPrograms } from '../../packages/server/src/storage/engines/postgres-programs.ts';

/** The oldest that the ledger works with. */
const OLDEST = 15;

/** Where Debian and its like keep them, a folder for each major version. */
const VERSIONS = '/usr/lib/postgresql';

/** Returns the oldest usable PostgreSQL that is installed on this machine, undefined when there is none. */
export function installedPostgres(): PostgresPrograms | undefined {
  const folders = [...versionFolders(), ...(process.env['PATH'] ?? '').split(path.delimiter)];
  return folders
    .flatMap((directory) => ({ directory, major: majorOf(directory) }))
    .filter(({ major }) => major >= OLDEST)
    .toSorted((a, b) => a.major - b.major)[0];
}

function versionFolders(): string[] {
  try {
    return readdirSync(VERSIONS).map((version) => path.join(VERSIONS, version, 'bin'));
  } catch {
    return [];
  }
}

/** Returns the major version of the programs in a folder; 0 when some that are needed are missing. */
function majorOf(directory: string): number {
  const versions = ['postgres', 'initdb', 'pg_ctl'].map((name) => {
    const { stdout } = spawnSync(path.join(directory, name), ['--version'], { encoding: 'utf8' });
    return Number(/ (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  });
  return Math.min(...versions);
}
