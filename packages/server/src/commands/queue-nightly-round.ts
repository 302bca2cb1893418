import type { EffectiveRefreshMode } from '../domain/refresh-mode.ts';
import { activeProjects, listChangedProjects } from '../storage/changes.ts';
import { deleteExpiredKeys, projectsWithExpiredKeys } from '../storage/idempotency-keys.ts';
import { deleteOldJobs, insertJob } from '../storage/jobs.ts';
import { mayHaveUnusedTexts } from '../storage/long-texts.ts';
import { listProjectsWithRetention } from '../storage/retention-settings.ts';
import { claimNightlyRound, findNightlyRound } from '../storage/settings.ts';
import type { JobContext } from './job-signals.ts';

const DAYS_JOBS_ARE_KEPT = 90;
const KEYS_A_PORTION = 1_000;

/**
 * Takes up the nightly round that was due at `dueAt`, unless this or another process already did, and returns the jobs
 * it queued: a refresh for every project in `nightly` mode that has something pending (DC-5), retention where it is set,
 * and the deletion of unused texts where there may be some. The round counts as taken up only if its jobs are queued.
 */
export async function queueNightlyRound(context: JobContext, dueAt: Date): Promise<number[]> {
  const last = await findNightlyRound(context.db);
  if (last && last >= dueAt) return [];
  const candidates = await nightlyProjects(context);
  const jobIds = await context.db.transaction(async (transaction) => {
    if (!(await claimNightlyRound(transaction, dueAt))) return undefined;
    await deleteOldJobs(transaction, DAYS_JOBS_ARE_KEPT);
    const ids: number[] = [];
    for (const projectId of candidates) {
      ids.push(await insertJob(transaction, { tool: 'refresh-pending', projectId, requestedBy: null }));
    }
    // After the refreshes: jobs are taken in their order.
    for (const projectId of await listProjectsWithRetention(transaction)) {
      ids.push(await insertJob(transaction, { tool: 'apply-retention', projectId, requestedBy: null }));
    }
    if (await mayHaveUnusedTexts(transaction)) {
      ids.push(await insertJob(transaction, { tool: 'delete-unused-texts', projectId: null, requestedBy: null }));
    }
    return ids;
  });
  if (!jobIds) return [];
  if (jobIds.length > 0) context.jobs.queued();
  await forgetOldKeys(context);
  return jobIds;
}

/** Deletes Idempotency-Keys whose time is over: in portions, so that no transaction is long and nobody waits for it. */
async function forgetOldKeys({ db }: JobContext): Promise<void> {
  for (const projectId of await projectsWithExpiredKeys(db)) {
    while ((await deleteExpiredKeys(db, projectId, KEYS_A_PORTION)) === KEYS_A_PORTION);
  }
}

async function nightlyProjects({ db, refreshSettings }: JobContext): Promise<number[]> {
  const changed = await activeProjects(db, await listChangedProjects(db));
  const modes = new Map<number, EffectiveRefreshMode>();
  for (const projectId of changed) modes.set(projectId, await refreshSettings.modeOf(projectId));
  return changed.filter((projectId) => modes.get(projectId) === 'nightly');
}
