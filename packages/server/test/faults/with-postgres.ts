import { rm } from 'node:fs/promises';
import { aDataDirectory } from '../support/ledger-process.ts';
import { type OwnPostgres, ownPostgres } from '../support/own-postgres.ts';

/** Runs work with an external PostgreSQL of its own, as durable as it is by default; it is stopped and removed after it. */
export async function withPostgres<Result>(
  work: (postgres: OwnPostgres, directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await aDataDirectory();
  try {
    const postgres = await ownPostgres(directory);
    try {
      return await work(postgres, directory);
    } finally {
      await postgres.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
