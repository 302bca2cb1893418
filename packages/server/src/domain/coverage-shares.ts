/** How the latest results of the cases that cover a requirement and its children fall out. */
export interface RequirementCoverage {
  total: number;
  passed: number;
  failed: number;
  blocked: number;
  caution: number;
}

/** Requirements by the state of their coverage, in parts of one; the sum is the number of requirements. */
export interface CoverageShares {
  passed: number;
  failed: number;
  blocked: number;
  caution: number;
  /** Covered by cases that never ran, were skipped or do not apply (RQ-3). */
  notRun: number;
  /** Requirements without any covering case (RQ-4). */
  notCovered: number;
}

/** Returns the requirements coverage widget (semantics 5.8): each requirement weighs 1, split by its own proportions. */
export function coverageShares(requirements: readonly RequirementCoverage[]): CoverageShares {
  const covered = requirements.filter((requirement) => requirement.total > 0);
  const share = (part: (requirement: RequirementCoverage) => number) =>
    covered.reduce((sum, requirement) => sum + part(requirement) / requirement.total, 0);
  return {
    passed: share((requirement) => requirement.passed),
    failed: share((requirement) => requirement.failed),
    blocked: share((requirement) => requirement.blocked),
    caution: share((requirement) => requirement.caution),
    notRun: share(({ total, passed, failed, blocked, caution }) => total - passed - failed - blocked - caution),
    notCovered: requirements.length - covered.length,
  };
}
