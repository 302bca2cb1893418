import type { Queryable } from './database.ts';

/** What is written down for the administrators: who did what, where (DT-6, IM-5). */
export interface EventEntry {
  /** Null: the server itself (the nightly round). */
  userId: number | null;
  /** Null: the whole server. */
  projectId: number | null;
  /** What kind of thing happened: `dataTool`, `setting`, `testRun`, ... */
  kind: string;
  /** What it was done with: the name of the tool or setting, the token of the artifact. */
  subject: string;
  durationMs?: number;
  rowsChanged?: number;
  details?: Record<string, unknown>;
}

/** Appends one entry to the event log. */
export async function insertEvent(db: Queryable, entry: EventEntry): Promise<void> {
  await db.query(
    `insert into event (user_id, project_id, kind, subject, duration_ms, rows_changed, details)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
    [
      entry.userId,
      entry.projectId,
      entry.kind,
      entry.subject,
      entry.durationMs ?? null,
      entry.rowsChanged ?? null,
      JSON.stringify(entry.details ?? {}),
    ],
  );
}
