import type { Actor } from '../domain/actor.ts';
import type { Queryable } from '../storage/database.ts';
import { administeredProjectsSql } from './administered-projects.ts';

/** A job as its administrators see it. */
export interface JobView {
  jobId: number;
  tool: string;
  /** Null: the whole server. */
  projectId: number | null;
  projectName: string | null;
  releaseId: number | null;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  cancelRequested: boolean;
  /** Login of who asked first; null: the server itself. */
  requestedBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  attempts: number;
  progress: { phase: string; done: number; total: number } | null;
  rowsChanged: number | null;
  result: Record<string, unknown> | null;
  error: string | null;
}

const columns = `j.job_id as "jobId", j.tool, j.project_id as "projectId", p.name as "projectName",
  (j.parameters ->> 'releaseId')::integer as "releaseId", j.state, j.cancel_requested as "cancelRequested",
  u.login as "requestedBy", j.created_at as "createdAt", j.started_at as "startedAt", j.finished_at as "finishedAt",
  j.attempts, case when j.progress ? 'phase' then j.progress end as progress,
  (j.result ->> 'rowsChanged')::bigint as "rowsChanged", j.result - 'rowsChanged' as result, j.error`;

const source = `job j left join project p on p.project_id = j.project_id left join app_user u on u.user_id = j.requested_by`;

/** System administrators see every job, others those of the projects they administer. */
const visible = `($1 or j.project_id in ${administeredProjectsSql('$2')})`;

export interface JobFilter {
  projectId?: number | undefined;
  tool?: string | undefined;
  state?: string | undefined;
  /** Only jobs older than this one. */
  beforeId?: number | undefined;
  limit: number;
}

/** Returns the jobs that somebody may see, newest first. */
export async function listJobs(db: Queryable, actor: Actor, filter: JobFilter): Promise<JobView[]> {
  return db.query<JobView>(
    `select ${columns} from ${source}
      where ${visible} and ($3::int is null or j.project_id = $3) and ($4::text is null or j.tool = $4)
        and ($5::text is null or j.state = $5) and ($6::bigint is null or j.job_id < $6)
      order by j.job_id desc limit $7`,
    [
      actor.isSystemAdmin,
      actor.userId,
      filter.projectId ?? null,
      filter.tool ?? null,
      filter.state ?? null,
      filter.beforeId ?? null,
      filter.limit,
    ],
  );
}

/** Returns a job, undefined when there is none that this caller may see. */
export async function findJob(db: Queryable, actor: Actor, jobId: number): Promise<JobView | undefined> {
  const [job] = await db.query<JobView>(`select ${columns} from ${source} where ${visible} and j.job_id = $3`, [
    actor.isSystemAdmin,
    actor.userId,
    jobId,
  ]);
  return job;
}

/** Returns the jobs of these ids, in their order. */
export async function findJobs(db: Queryable, jobIds: readonly number[]): Promise<JobView[]> {
  return db.query<JobView>(
    `select ${columns} from ${source} where j.job_id = any ($1::bigint[]) order by array_position($1::bigint[], j.job_id)`,
    [jobIds],
  );
}
