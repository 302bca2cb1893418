import { requestDataTool } from '../../../commands/request-data-tool.ts';
import type { DataToolName } from '../../../domain/data-tools.ts';
import { DomainError } from '../../../domain/errors.ts';
import { forJobs } from '../../services.ts';
import { type Call, empty, noBody, operation, projectAdmin } from '../operation.ts';

export const refreshCachesOperations = [
  operation({
    method: 'POST',
    path: 'projects/{project_id}/refresh-caches',
    summary:
      'Recalculates every status and counter of the project. With run_async=true it answers at once and works in the background.',
    priority: 1,
    needs: projectAdmin,
    body: noBody,
    returns: empty,
    handle: (call) => refreshCaches(call, 'recalculate-all'),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/refresh-caches/{release_id}',
    summary: 'The same, limited to the test cases and counters of one release and of the releases above it.',
    priority: 1,
    needs: projectAdmin,
    body: noBody,
    returns: empty,
    handle: (call) => refreshCaches(call, 'recalculate-releases', call.path.id('release_id', 'Release')),
  }),
];

async function refreshCaches(call: Call<undefined>, tool: DataToolName, releaseId?: number): Promise<void> {
  const { services, actor, project, query } = call;
  const [jobId] = await requestDataTool(forJobs(services, actor), {
    tool,
    projectIds: [project.projectId],
    releaseId,
  });
  if (jobId === undefined || query.flag('run_async')) return;
  const ended = await services.jobs.ended(jobId);
  if (ended.state === 'failed') throw new DomainError('unavailable', ended.error ?? 'The refresh failed');
  if (ended.state === 'cancelled') throw new DomainError('stale', 'The refresh was cancelled by an administrator');
}
