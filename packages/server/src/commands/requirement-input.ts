import type { SentValues } from '../domain/custom-properties.ts';
import type { Issue } from '../domain/errors.ts';
import { importances, requirementStatuses, requirementTypes } from '../domain/tables.ts';
import { outsideTable, type Reference } from './input-checks.ts';

/** What can be said of a requirement. Missing keeps the stored value on update and means the default on create. */
export interface RequirementInput {
  name?: string | null;
  description?: string | null;
  statusId?: number | null;
  requirementTypeId?: number | null;
  importanceId?: number | null;
  authorId?: number | null;
  ownerId?: number | null;
  releaseId?: number | null;
  componentId?: number | null;
  estimatePoints?: number | null;
  startDate?: Date | null;
  endDate?: Date | null;
  percentComplete?: number | null;
  themeId?: number | null;
  goalId?: number | null;
  isSuspect?: boolean | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** What a requirement is when nothing else is said: Requested, Feature. */
export const requirementDefaults = { statusId: 1, typeId: 2 } as const;

/** Returns what a requirement refers to. */
export function requirementReferences(input: RequirementInput): Reference[] {
  return [
    { kind: 'member', field: 'authorId', id: input.authorId },
    { kind: 'member', field: 'ownerId', id: input.ownerId },
    { kind: 'release', field: 'releaseId', id: input.releaseId },
    { kind: 'component', field: 'componentId', id: input.componentId },
  ];
}

/** Returns what is wrong with the values of a requirement; 0 means nothing in the three tables. */
export function requirementValueIssues(input: RequirementInput): Issue[] {
  const { percentComplete: percent, estimatePoints: points } = input;
  const issues = [
    ...outsideTable(requirementStatuses, 'statusId', input.statusId || null, 'a requirement status'),
    ...outsideTable(requirementTypes, 'requirementTypeId', input.requirementTypeId || null, 'a requirement type'),
    ...outsideTable(importances, 'importanceId', input.importanceId || null, 'an importance'),
  ];
  if (typeof percent === 'number' && (percent < 0 || percent > 100)) {
    issues.push({ code: 'invalid', field: 'percentComplete', message: 'A percentage lies between 0 and 100' });
  }
  if (typeof points === 'number' && points < 0) {
    issues.push({ code: 'invalid', field: 'estimatePoints', message: 'An estimate is 0 points or more' });
  }
  return issues;
}
