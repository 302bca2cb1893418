import { DomainError, type Issue, notFound, refuse } from '../domain/errors.ts';
import { artifactLinkTypes } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import { missingArtifacts } from './artifact-checks.ts';
import type { ProjectCommand } from './context.ts';
import { missingReferences, outsideTable } from './input-checks.ts';

/** What can be said of a link between two artifacts. */
export interface ArtifactLinkInput {
  sourceArtifactTypeId?: number | null;
  sourceArtifactId?: number | null;
  destArtifactTypeId?: number | null;
  destArtifactId?: number | null;
  artifactLinkTypeId?: number | null;
  creatorId?: number | null;
  comment?: string | null;
  creationDate?: Date | null;
}

/**
 * Links two artifacts and returns the link's id. Refused: unknown artifacts and users, a link type that is none, an
 * artifact with itself, and (`duplicate`) the same link a second time.
 */
export async function linkArtifacts(
  { db, actor, projectId, now }: ProjectCommand,
  link: ArtifactLinkInput,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    refuse(await linkIssues(transaction, projectId, link));
    const created = await transaction.kysely
      .insertInto('artifactLink')
      .values({
        projectId,
        artifactLinkTypeId: link.artifactLinkTypeId ?? 1,
        sourceTypeId: link.sourceArtifactTypeId ?? 0,
        sourceId: link.sourceArtifactId ?? 0,
        destTypeId: link.destArtifactTypeId ?? 0,
        destId: link.destArtifactId ?? 0,
        creatorId: link.creatorId ?? actor.userId,
        comment: link.comment ?? null,
        createdAt: link.creationDate ?? now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('artifactLinkId')
      .executeTakeFirst();
    if (!created) throw new DomainError('duplicate', 'These two artifacts are linked like this already');
    return created.artifactLinkId;
  });
}

async function linkIssues(transaction: Transaction, projectId: number, link: ArtifactLinkInput): Promise<Issue[]> {
  const end = (name: 'source' | 'dest', artifactTypeId: number | null | undefined, artifactId?: number | null) => ({
    artifactTypeId,
    artifactId,
    field: name,
    typeField: 'ArtifactTypeId',
    idField: 'ArtifactId',
  });
  const ends = [
    end('source', link.sourceArtifactTypeId, link.sourceArtifactId),
    end('dest', link.destArtifactTypeId, link.destArtifactId),
  ];
  const isItself =
    link.sourceArtifactTypeId === link.destArtifactTypeId && link.sourceArtifactId === link.destArtifactId;
  return [
    ...(await missingArtifacts(transaction, projectId, ends)),
    ...(await missingReferences(transaction, projectId, [{ kind: 'member', field: 'creatorId', id: link.creatorId }])),
    ...outsideTable(artifactLinkTypes, 'artifactLinkTypeId', link.artifactLinkTypeId, 'a kind of link'),
    ...(isItself
      ? [{ code: 'outsideTable', field: 'destArtifactId', message: 'An artifact is not linked to itself' } as const]
      : []),
  ];
}

/** Changes the remark on a link. Throws `notFound` for a link that does not exist. */
export async function commentOnLink(
  { db, projectId }: ProjectCommand,
  { artifactLinkId, comment }: { artifactLinkId: number; comment: string | null },
): Promise<void> {
  await changeLink({ db, projectId }, artifactLinkId, {
    text: 'update artifact_link set comment = $3, updated_at = now() where project_id = $1 and artifact_link_id = $2 returning 1',
    values: [comment],
  });
}

/** Takes a link away for good. Throws `notFound` for a link that does not exist. */
export async function unlinkArtifacts({ db, projectId }: ProjectCommand, artifactLinkId: number): Promise<void> {
  await changeLink({ db, projectId }, artifactLinkId, {
    text: 'delete from artifact_link where project_id = $1 and artifact_link_id = $2 returning 1',
    values: [],
  });
}

async function changeLink(
  { db, projectId }: Pick<ProjectCommand, 'db' | 'projectId'>,
  artifactLinkId: number,
  { text, values }: { text: string; values: unknown[] },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const changed = await transaction.query(text, [projectId, artifactLinkId, ...values]);
    if (changed.length === 0) throw notFound(`Link ${artifactLinkId}`);
  });
}
