import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { StartupError } from '../startup-error.ts';
import { canEnter, databaseUser } from './database-user.ts';

/** The database's files inside a data directory. */
export const clusterDirectory = (dataDirectory: string): string => path.join(dataDirectory, 'postgres');

/** Returns the data directory to use (see chosenDirectory), made if it is missing, without symbolic links. */
export function dataDirectory(named: string | undefined, workingDirectory = process.cwd()): string {
  return made(chosenDirectory(named, workingDirectory));
}

/**
 * Returns the data directory to use. Without one named, it is `data` in the working directory; where the database's
 * user cannot enter that (a checkout in the home of root), a directory of its own below /var/lib/runledger.
 */
export function chosenDirectory(named: string | undefined, workingDirectory = process.cwd()): string {
  const wanted = path.resolve(workingDirectory, named ?? 'data');
  if (isEnterable(wanted)) return wanted;
  if (named === undefined) return stateDirectory(workingDirectory);
  throw new StartupError(
    'database',
    `PostgreSQL does not run as root, and the user it runs as cannot enter ${wanted}. Name a data directory that every ` +
      'user can reach, such as /var/lib/runledger.',
  );
}

/** One directory per checkout, so that two checkouts do not share a ledger by accident. */
function stateDirectory(workingDirectory: string): string {
  const place = createHash('sha256').update(workingDirectory).digest('hex').slice(0, 8);
  return path.join('/var/lib/runledger', `${path.basename(workingDirectory) || 'root'}-${place}`);
}

function isEnterable(directory: string): boolean {
  const existing = nearestExisting(directory);
  return canEnter(databaseUser(clusterDirectory(directory)), existing);
}

function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(path.dirname(directory));
}

function made(directory: string): string {
  try {
    // Root's is entered by the database's user as well; what is secret in it has modes of its own.
    mkdirSync(directory, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    throw new StartupError('database', `The data directory ${directory} cannot be made: ${(error as Error).message}`);
  }
  return realpathSync(directory);
}
