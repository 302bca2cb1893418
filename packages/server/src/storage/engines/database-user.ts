import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { StartupError } from '../startup-error.ts';

/** The operating-system user that PostgreSQL runs as; undefined means the user of this process. */
export type DatabaseUser = { uid: number; gid: number; name: string } | undefined;

/** PostgreSQL refuses to run as root, so root starts it as one of these. */
const unprivilegedUsers = ['postgres', 'nobody'];

/**
 * Returns the user to run PostgreSQL as. Only root has a choice: the owner of the data where there are some already,
 * else `postgres`, else `nobody`.
 */
export function databaseUser(clusterDirectory: string): DatabaseUser {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(clusterDirectory);
  if (owner && owner.uid !== 0) return owner;
  for (const name of unprivilegedUsers) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== undefined && gid !== undefined) return { uid, gid, name };
  }
  throw new StartupError(
    'database',
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. ' +
      'Start Runledger as an ordinary user, or name an external database with --database-url.',
  );
}

function ownerOf(directory: string): DatabaseUser {
  try {
    const { uid, gid } = statSync(directory);
    return { uid, gid, name: `user ${uid}` };
  } catch {
    return undefined;
  }
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

/** Spawn options that run a program as the database's user; the working directory is one that every user can enter. */
export function runAs(user: DatabaseUser): { uid?: number; gid?: number; cwd?: string } {
  if (process.platform === 'win32') return {};
  return user ? { uid: user.uid, gid: user.gid, cwd: '/' } : { cwd: '/' };
}

/**
 * The environment of the database's programs. Not ours: PGDATA and its like would lead them astray, and passwords in it
 * are no business of theirs.
 */
export function databaseEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** Returns whether the database's user can enter an existing directory. Asked of the system, not derived from modes. */
export function canEnter(user: DatabaseUser, directory: string): boolean {
  if (!user) return true;
  const probe = spawnSync('/bin/sh', ['-c', 'test -x "$1" && test -d "$1"', 'sh', directory], runAs(user));
  return probe.status === 0;
}
