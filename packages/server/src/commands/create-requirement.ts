import { notFound, refuse } from '../domain/errors.ts';
import { indentLevels, type TreeNode } from '../domain/indent-level.ts';
import { ancestorsOf } from '../domain/tree-moves.ts';
import { listTree, requirementTree } from '../storage/indent-trees.ts';
import { lockTrees } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { missingReferences } from './input-checks.ts';
import {
  type RequirementInput,
  requirementDefaults,
  requirementReferences,
  requirementValueIssues,
} from './requirement-input.ts';

/** Where a new requirement goes: below a parent (null: the root), or so many levels in or out from the last one. */
export type NewRequirementPlace = { parentId: number | null } | { indent: number };

/**
 * Creates a requirement as the last at its place and returns its id. Refused: unknown parents, people, releases and
 * components, and values outside their tables.
 */
export async function createRequirement(
  { db, actor, projectId }: ProjectCommand,
  { requirement, place }: { requirement: RequirementInput; place: NewRequirementPlace },
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockTrees(transaction, projectId);
    const tree = await listTree(transaction, requirementTree, projectId);
    const parentId = 'indent' in place ? parentAtIndent(tree, place.indent) : place.parentId;
    if (parentId !== null && !tree.some((node) => node.id === parentId)) throw notFound(`Requirement ${parentId}`);
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.requirement,
      sent: requirement.customProperties,
    });
    refuse([
      ...(await missingReferences(transaction, projectId, requirementReferences(requirement))),
      ...requirementValueIssues(requirement),
      ...custom.issues,
    ]);
    const created = await transaction.kysely
      .insertInto('requirement')
      .values({
        projectId,
        parentRequirementId: parentId,
        indentLevel: indentLevels([...tree, { id: 0, parentId }]).get(0) ?? '',
        ...valuesOf(requirement, actor.userId),
        customProperties: custom.json ?? null,
      })
      .returning('requirementId')
      .executeTakeFirstOrThrow();
    return created.requirementId;
  });
}

/**
 * Returns the parent of a requirement that follows the last one of the tree, `indent` levels deeper (at most one) or
 * higher (negative; the root at most).
 */
export function parentAtIndent(tree: readonly TreeNode[], indent: number): number | null {
  const last = tree.at(-1);
  if (!last) return null;
  if (indent > 0) return last.id;
  return ancestorsOf(tree, last.id)[Math.abs(indent)] ?? null;
}

function valuesOf(requirement: RequirementInput, callerId: number) {
  return {
    name: requirement.name ?? '',
    description: requirement.description ?? null,
    requirementStatusId: requirement.statusId || requirementDefaults.statusId,
    requirementTypeId: requirement.requirementTypeId || requirementDefaults.typeId,
    importanceId: requirement.importanceId || null,
    authorId: requirement.authorId ?? callerId,
    ownerId: requirement.ownerId ?? null,
    releaseId: requirement.releaseId ?? null,
    componentId: requirement.componentId ?? null,
    estimatePoints: requirement.estimatePoints ?? null,
    startDate: requirement.startDate ?? null,
    endDate: requirement.endDate ?? null,
    percentComplete: requirement.percentComplete ?? null,
    themeId: requirement.themeId ?? null,
    goalId: requirement.goalId ?? null,
    isSuspect: requirement.isSuspect ?? false,
    tags: requirement.tags ?? null,
  };
}
