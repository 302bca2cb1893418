/** A release as its place in the tree decides what it counts. */
export interface ReleaseNode {
  releaseId: number;
  parentReleaseId: number | null;
  releaseTypeId: number;
  isDeleted: boolean;
}

/** Release types whose results count in their parent, too (RU-1 to RU-4); a major release stands for itself. */
const rollsUp: Readonly<Record<number, boolean>> = { 1: false, 2: true, 3: true, 4: true };

export const SPRINT = 3;

/** `release` counts in `ancestor`; every release counts in itself. */
export interface RollPair {
  releaseId: number;
  ancestorId: number;
}

/**
 * Returns Roll as pairs (semantics 1.5): r counts in every ancestor reached through releases whose type rolls up.
 * A deleted release counts nowhere and cuts off what lies below it (RU-6).
 */
export function rollPairs(releases: readonly ReleaseNode[]): RollPair[] {
  const byId = new Map(releases.map((release) => [release.releaseId, release]));
  return releases.flatMap((release) =>
    ancestorsReached(release, byId).map((ancestorId) => ({ releaseId: release.releaseId, ancestorId })),
  );
}

/** Returns the ids of the releases whose runs count for this one: Roll(r). */
export function rollOf(releases: readonly ReleaseNode[], releaseId: number): number[] {
  return rollPairs(releases)
    .filter((pair) => pair.ancestorId === releaseId)
    .map((pair) => pair.releaseId);
}

function ancestorsReached(release: ReleaseNode, byId: ReadonlyMap<number, ReleaseNode>): number[] {
  const reached: number[] = [];
  let current: ReleaseNode | undefined = release;
  while (current && !current.isDeleted) {
    reached.push(current.releaseId);
    const { parentReleaseId }: ReleaseNode = current;
    current = rollsUp[current.releaseTypeId] && parentReleaseId !== null ? byId.get(parentReleaseId) : undefined;
  }
  return reached;
}
