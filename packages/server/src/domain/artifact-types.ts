import { type Artifact, artifactTypeIds, type Permission, type Role } from './permissions.ts';

const TEST_STEP = 7;

/** What the permission grid calls the artifacts of each type (rest-v7 9.1). Steps go with their test case. */
const artifacts: ReadonlyMap<number, Artifact> = new Map([
  ...Object.entries(artifactTypeIds).map(([artifact, id]) => [id, artifact as Artifact] as const),
  [TEST_STEP, 'testCase'] as const,
]);

/** The artifact types that rules speak of. */
export const ArtifactType = {
  Incident: artifactTypeIds.incident,
  TestRun: artifactTypeIds.testRun,
  Document: artifactTypeIds.document,
} as const;

/** Returns whether a role may see artifacts of a type. Types that nothing in a product has are hidden from nobody. */
export function maySee(role: Role, artifactTypeId: number): boolean {
  const artifact = artifacts.get(artifactTypeId);
  return artifact === undefined || role.permissions.has(`${artifact}:view` as Permission);
}

/** Returns whether a role may attach documents to artifacts of a type: who records a run may add files to it, too. */
export function mayAttachTo(role: Role, artifactTypeId: number): boolean {
  return (
    maySee(role, artifactTypeId) || (artifactTypeId === ArtifactType.TestRun && role.permissions.has('testRun:create'))
  );
}

/** Returns whether a role may link artifacts of a type to others: who makes or modifies them. */
export function mayLink(role: Role, artifactTypeId: number): boolean {
  const artifact = artifacts.get(artifactTypeId);
  const links = (['create', 'modify', 'modifyOwned'] as const).map((action) => `${artifact}:${action}` as Permission);
  return artifact === undefined || links.some((permission) => role.permissions.has(permission));
}

/** Returns the types whose artifacts a role may see. */
export function visibleTypes(role: Role): number[] {
  return [...artifacts.keys()].filter((artifactTypeId) => maySee(role, artifactTypeId));
}
