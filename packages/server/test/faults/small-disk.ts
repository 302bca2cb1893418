import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MEBIBYTE = 1_048_576;

/** A disk of its own, small enough to be filled. */
export interface SmallDisk {
  directory: string;
  /** Fills it but for so many MiB. */
  fill(leftMiB: number): void;
  /** Gives the space back. */
  free(): void;
}

/** Runs work with a small disk; returns why there is none where this user may not mount one. */
export async function withSmallDisk<Result>(
  sizeMiB: number,
  work: (disk: SmallDisk) => Promise<Result>,
): Promise<Result | { skipped: string }> {
  const directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runledger-disk-')));
  const refusal = mounted(directory, sizeMiB);
  try {
    if (refusal) return { skipped: `a small disk (tmpfs) cannot be mounted here: ${refusal}` };
    chmodSync(directory, 0o711);
    return await work(smallDisk(directory));
  } finally {
    // Lazily: a process that is just ending may still have a file open.
    if (!refusal) execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Mounts a tmpfs; returns what was said when that is not allowed. */
function mounted(directory: string, sizeMiB: number): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has it';
  try {
    const words = ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', directory];
    execFileSync('mount', words, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    return undefined;
  } catch (error) {
    return String((error as { stderr?: string }).stderr || (error as Error).message).trim();
  }
}

function smallDisk(directory: string): SmallDisk {
  const ballast = path.join(directory, 'ballast');
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  };
  return {
    directory,
    fill: (leftMiB) => {
      const piece = Buffer.alloc(MEBIBYTE);
      while (freeBytes() > leftMiB * MEBIBYTE) {
        try {
          writeFileSync(ballast, piece.subarray(0, Math.min(MEBIBYTE, freeBytes() - leftMiB * MEBIBYTE)), {
            flag: 'a',
          });
        } catch (error) {
          // Somebody else has written the last page.
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
    },
    free: () => truncateSync(ballast),
  };
}
