import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databaseUser } from './database-user.ts';
import { packagedPrograms, usable } from './postgres-programs.ts';

const user = databaseUser('/nowhere');

/** Returns a copy of the npm package as it is when install scripts were blocked, and a place for copies. */
function aPackageWithoutLinks(): { native: string; copyTo: string } {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'runledger-programs-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  chmodSync(parent, 0o711);
  const [native, copyTo] = [path.join(parent, 'package', 'native'), path.join(parent, 'data')];
  const source = packagedPrograms();
  if (!source) throw new Error('There is no package with PostgreSQL for this platform');
  cpSync(path.dirname(source), path.dirname(native), { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(path.join(native, 'lib'))) {
    const file = path.join(native, 'lib', name);
    if (lstatSync(file).isSymbolicLink()) rmSync(file);
  }
  mkdirSync(copyTo, { mode: 0o711 });
  chmodSync(copyTo, 0o711);
  return { native, copyTo };
}

test('links that a blocked install script did not make are made in place', () => {
  const { native, copyTo } = aPackageWithoutLinks();
  expect(usable(native, user, copyTo)).toEqual({ directory: path.join(native, 'bin'), major: 18 });
  expect(readdirSync(copyTo)).toEqual([]);
});

test('a package that the database user cannot enter, or nobody may write, is copied next to the data', () => {
  const { native, copyTo } = aPackageWithoutLinks();
  // As in the home of root; for an ordinary user, as in an installation that belongs to root.
  if (user) chmodSync(path.dirname(native), 0o700);
  else {
    chmodSync(path.join(native, 'lib'), 0o500);
    onTestFinished(() => chmodSync(path.join(native, 'lib'), 0o700));
  }
  const found = usable(native, user, copyTo);
  expect(found?.directory).toMatch(/data\/postgresql-18[^/]*\/bin$/);
  expect(usable(native, user, copyTo)).toEqual(found);
  expect(readdirSync(copyTo)).toHaveLength(1);
});

test('programs that cannot be run at all are not taken', () => {
  const { native, copyTo } = aPackageWithoutLinks();
  rmSync(path.join(native, 'lib', 'libcrypto.so.1.1'));
  expect(usable(native, user, copyTo)).toBeUndefined();
  expect(existsSync(path.join(native, 'bin', 'postgres'))).toBe(true);
});
