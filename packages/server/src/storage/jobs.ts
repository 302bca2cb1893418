import type { DataToolName, ToolOutcome } from '../domain/data-tools.ts';
import type { Queryable } from './database.ts';
import { milliseconds } from './milliseconds.ts';

const UNIQUE_VIOLATION = '23505';

/** How far a job has come: the step it is at, in words, and how much of it is done. */
export interface JobProgress {
  phase: string;
  done: number;
  total: number;
}

/** How a job ended, as somebody who waited for it needs to know. */
export interface EndedJob {
  jobId: number;
  state: 'done' | 'failed' | 'cancelled';
  error: string | null;
  rowsChanged: number | null;
}

/** A use of a Data Tool that waits for its turn. */
export interface JobRequest {
  tool: DataToolName;
  /** Null: the whole server. */
  projectId: number | null;
  parameters?: Record<string, unknown>;
  /** Null: the server itself. */
  requestedBy: number | null;
}

/** A job that was claimed: `attempt` tells this claim from earlier and later ones of the same job. */
export interface ClaimedJob {
  jobId: number;
  tool: string;
  projectId: number | null;
  parameters: Record<string, unknown>;
  attempt: number;
  isCancelRequested: boolean;
}

/**
 * Puts a job into the queue and returns its id. The same tool for the same project with the same parameters that still
 * waits is joined; one that already runs may have read before the caller's results, so another follows it (DT-4).
 */
export async function insertJob(db: Queryable, request: JobRequest): Promise<number> {
  const [row] = await db.query<{ jobId: number }>({
    name: 'insert-job',
    text: `insert into job (tool, project_id, parameters, requested_by) values ($1, $2, $3::jsonb, $4)
           on conflict (tool, coalesce(project_id, 0), parameters) where state = 'queued'
             do update set run_after = least(job.run_after, excluded.run_after)
           returning job_id as "jobId"`,
    values: [request.tool, request.projectId, JSON.stringify(request.parameters ?? {}), request.requestedBy],
  });
  if (!row) throw new Error('A queued job was neither inserted nor joined');
  return row.jobId;
}

/**
 * Claims the next job: the oldest that waits, or one whose process has shown no sign of life for `staleAfterMs`.
 * Of one project only one job runs at a time (also kept by an index). Undefined: nothing to do just now.
 */
export async function claimJob(db: Queryable, staleAfterMs: number): Promise<ClaimedJob | undefined> {
  const [row] = await db
    .query<ClaimedJob>({
      name: 'claim-job',
      text: `with next as (
             select j.job_id from job j
              where (j.state = 'queued' and j.run_after <= now()
                 or j.state = 'running' and coalesce(j.heartbeat_at < now() - $1 * interval '1 millisecond', true))
                and not exists (select from job r where r.state = 'running' and r.job_id <> j.job_id
                                   and coalesce(r.project_id, 0) = coalesce(j.project_id, 0))
              order by j.run_after, j.job_id limit 1 for update skip locked)
           update job set state = 'running', attempts = attempts + 1, heartbeat_at = now(),
                  started_at = coalesce(started_at, now())
             from next where job.job_id = next.job_id
           returning job.job_id as "jobId", tool, project_id as "projectId", parameters, attempts as attempt,
                     cancel_requested as "isCancelRequested"`,
      values: [staleAfterMs],
    })
    .catch((error: { code?: string }) => {
      // Another process claimed a job of the same project in the same moment; its turn comes after that one.
      if (error.code === UNIQUE_VIOLATION) return [];
      throw error;
    });
  return row;
}

/**
 * Shows that a claimed job is alive and how far it is. Returns whether someone asked to cancel it, undefined when the
 * claim is lost: the process was silent for too long, and another has taken the job over.
 */
export async function touchJob(
  db: Queryable,
  { jobId, attempt }: ClaimedJob,
  progress: JobProgress | undefined,
): Promise<{ isCancelRequested: boolean } | undefined> {
  const [row] = await db.query<{ isCancelRequested: boolean }>({
    name: 'touch-job',
    text: `update job set heartbeat_at = now(), progress = coalesce($3::jsonb, progress)
            where job_id = $1 and attempts = $2 and state = 'running'
           returning cancel_requested as "isCancelRequested"`,
    values: [jobId, attempt, progress ? JSON.stringify(progress) : null],
  });
  return row;
}

/** Gives a claimed job back, so that any process takes it over at once. */
export async function releaseJob(db: Queryable, { jobId, attempt }: ClaimedJob): Promise<void> {
  await db.query(`update job set heartbeat_at = null where job_id = $1 and attempts = $2 and state = 'running'`, [
    jobId,
    attempt,
  ]);
}

/** How a job ended. */
export type JobEnd =
  | { state: 'done'; outcome: ToolOutcome }
  | { state: 'failed'; error: string }
  | { state: 'cancelled' };

/**
 * Ends a claimed job and writes its use of the tool to the event log, both in one statement (DT-6). Nothing happens
 * when the claim is lost.
 */
export async function endJob(db: Queryable, { jobId, attempt }: ClaimedJob, end: JobEnd): Promise<void> {
  const rowsChanged = end.state === 'done' ? end.outcome.rowsChanged : null;
  const result = end.state === 'done' ? { rowsChanged, ...end.outcome.result } : null;
  await db.query(
    `with ended as (
       update job set state = $3, finished_at = clock_timestamp(), result = $4::jsonb, error = $5
        where job_id = $1 and attempts = $2 and state = 'running'
       returning job_id, tool, project_id, parameters, requested_by, started_at, finished_at)
     insert into event (occurred_at, user_id, project_id, kind, subject, duration_ms, rows_changed, details)
     select started_at, requested_by, project_id, 'dataTool', tool,
            ${milliseconds('finished_at - started_at')}::integer, $6,
            jsonb_build_object('jobId', job_id, 'state', $3::text, 'parameters', parameters)
              || case when $5::text is null then '{}' else jsonb_build_object('error', $5::text) end
       from ended`,
    [
      jobId,
      attempt,
      end.state,
      result ? JSON.stringify(result) : null,
      end.state === 'failed' ? end.error : null,
      rowsChanged,
    ],
  );
}

/** Asks for a job to be cancelled: one that waits ends at once, one that runs is told. Undefined: it has ended. */
export async function cancelJob(
  db: Queryable,
  jobId: number,
): Promise<{ state: string; tool: string; projectId: number | null } | undefined> {
  const [row] = await db.query<{ state: string; tool: string; projectId: number | null }>(
    `update job set cancel_requested = true,
            state = case state when 'queued' then 'cancelled' else state end,
            finished_at = case state when 'queued' then now() else finished_at end
      where job_id = $1 and state in ('queued', 'running')
     returning state, tool, project_id as "projectId"`,
    [jobId],
  );
  return row;
}

/** Deletes jobs that ended more than `days` ago; what they did stays in the event log. */
export async function deleteOldJobs(db: Queryable, days: number): Promise<void> {
  await db.query(
    `delete from job where state in ('done', 'failed', 'cancelled') and finished_at < now() - $1 * interval '1 day'`,
    [days],
  );
}

/** Returns how a job ended, undefined while it has not; one that does not exist any more counts as cancelled. */
export async function findEndedJob(db: Queryable, jobId: number): Promise<EndedJob | undefined> {
  const [row] = await db.query<Omit<EndedJob, 'state'> & { state: string }>(
    `select job_id as "jobId", state, error, (result ->> 'rowsChanged')::bigint as "rowsChanged" from job where job_id = $1`,
    [jobId],
  );
  if (!row) return { jobId, state: 'cancelled', error: null, rowsChanged: null };
  const { state } = row;
  return state === 'done' || state === 'failed' || state === 'cancelled' ? { ...row, state } : undefined;
}
