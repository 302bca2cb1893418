import { requireExisting } from '../../views/existing.ts';
import type { Call } from './operation.ts';

/** Returns the release that the query asks figures for, undefined without one; throws `notFound` for an unknown one. */
export async function releaseAskedFor({ services, project, query }: Call<unknown>): Promise<number | undefined> {
  const releaseId = query.id('release_id');
  if (releaseId === undefined) return undefined;
  await requireExisting(services.read, project.projectId, { kind: 'release', id: releaseId, what: 'Release' });
  return releaseId;
}
