/** Whose counters may have changed, and how many figures did. */
export interface Affected {
  /** Cases whose own figure changed: the requirements they cover follow. */
  testCaseIds: number[];
  folderIds: number[];
  releaseIds: number[];
  testSetIds: number[];
  requirementIds: number[];
  rowsChanged: number;
}

/** Returns the parts that a statement answered, nothing for the rest. */
export function affectedFrom(part: Partial<Affected>): Affected {
  const {
    testCaseIds = [],
    folderIds = [],
    releaseIds = [],
    testSetIds = [],
    requirementIds = [],
    rowsChanged = 0,
  } = part;
  return { testCaseIds, folderIds, releaseIds, testSetIds, requirementIds, rowsChanged };
}

/** Returns everything that any of the parts affected. */
export function allAffected(parts: readonly Affected[]): Affected {
  const union = (pick: (affected: Affected) => number[]) => [...new Set(parts.flatMap(pick))];
  return {
    testCaseIds: union((part) => part.testCaseIds),
    folderIds: union((part) => part.folderIds),
    releaseIds: union((part) => part.releaseIds),
    testSetIds: union((part) => part.testSetIds),
    requirementIds: union((part) => part.requirementIds),
    rowsChanged: parts.reduce((sum, part) => sum + part.rowsChanged, 0),
  };
}
