import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StartupError } from '../startup-error.ts';
import type { DatabaseUser } from './database-user.ts';

/** The database role that owns everything in the embedded database. */
export const OWNER = 'runledger';

/** Where the embedded database listens: a socket in a directory, or the loopback interface with a password. */
export type Address = { socketDirectory: string; port: number } | { port: number; password: string };

/** Returns the connection string for a database at an address. */
export function connectionString(address: Address, database: string): string {
  // Said outright, since PGSSLMODE in the environment may ask for it elsewhere.
  const sslmode = 'disable';
  if ('password' in address) {
    return `postgres://${OWNER}:${address.password}@127.0.0.1:${address.port}/${database}?sslmode=${sslmode}`;
  }
  const parameters = new URLSearchParams({ host: address.socketDirectory, port: String(address.port), sslmode });
  return `postgres://${OWNER}@localhost/${database}?${parameters}`;
}

/** A directory holds one database, so the number in the socket's name need not differ. */
export const SOCKET_PORT = 5432;

/** Systems allow 104 to 108 bytes for the whole path of a socket. */
const longestSocketPath = 100;

/**
 * Returns a directory for the database's socket that only its user may enter, made if it is missing: `socket` in the
 * data directory, or a short one for temporary files where the path would be longer than a socket's may be.
 */
export function socketDirectory(dataDirectory: string, user: DatabaseUser): string {
  const near = path.join(dataDirectory, 'socket');
  if (fits(near)) return made(near, user);
  const name = `runledger-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16)}`;
  const short = [process.env['XDG_RUNTIME_DIR'], os.tmpdir(), '/tmp'].find(
    (parent): parent is string => parent !== undefined && isOpenTo(parent, user) && fits(path.join(parent, name)),
  );
  if (short) return made(path.join(short, name), user);
  throw new StartupError('database', `The path of the data directory ${dataDirectory} is too long for a socket`);
}

const fits = (directory: string) =>
  Buffer.byteLength(path.join(directory, `.s.PGSQL.${SOCKET_PORT}`)) <= longestSocketPath;

/** A runtime directory of root's is no place for a database that runs as somebody else. */
function isOpenTo(directory: string, user: DatabaseUser): boolean {
  return user === undefined || (lstatSync(directory).mode & 0o001) !== 0;
}

function made(directory: string, user: DatabaseUser): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (user) chownSync(directory, user.uid, user.gid);
  // In a directory for everyone's temporary files somebody else may have been first.
  const { uid, mode } = lstatSync(directory);
  if (uid !== (user?.uid ?? process.getuid?.()) || (mode & 0o022) !== 0) {
    throw new StartupError('database', `${directory} belongs to somebody else or is writable by others; remove it`);
  }
  return directory;
}
