import { statfs } from 'node:fs/promises';
import { DomainError } from '../../domain/errors.ts';

const MEBIBYTE = 1_048_576;

/**
 * What is left free. PostgreSQL itself goes down when its log finds no space, and then nothing can be read either; with
 * some segments of 16 MiB left, what is under way still ends, and reading goes on.
 */
const RESERVE_BYTES = 64 * MEBIBYTE;

export interface SpaceGuardOptions {
  reserveBytes?: number;
  /** How long an answer of the file system is believed. */
  keptMs?: number;
  /** Returns the bytes that are free where a directory is. */
  freeBytes?: (directory: string) => Promise<number>;
}

/** Returns a check that rejects (`unavailable`) while the disk of a directory has less than the reserve left. */
export function spaceGuard(directory: string, options: SpaceGuardOptions = {}): () => Promise<void> {
  const { reserveBytes = RESERVE_BYTES, keptMs = 250, freeBytes = freeBytesAt } = options;
  let asked = Number.NEGATIVE_INFINITY;
  let free = Promise.resolve(Number.POSITIVE_INFINITY);
  return async () => {
    const now = performance.now();
    if (now - asked >= keptMs) {
      asked = now;
      // A file system that cannot tell is no reason to stop.
      free = freeBytes(directory).catch(() => Number.POSITIVE_INFINITY);
    }
    const left = await free;
    if (left >= reserveBytes) return;
    throw new DomainError(
      'unavailable',
      `The disk of the database is nearly full (${Math.floor(left / MEBIBYTE)} MiB left), so nothing can be stored ` +
        'just now; what is stored can be read',
    );
  };
}

async function freeBytesAt(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
