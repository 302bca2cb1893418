import { appendChange } from '../../src/changes/change-log.ts';
import type { Database } from '../../src/storage/database.ts';
import {
  aProject,
  aRelease,
  aRequirement,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestStep,
} from '../support/builders.ts';

/** A product small enough that things meet often. */
export const world = { cases: 7, releases: 7, sets: 2, folders: 4, requirements: 4 } as const;

export interface ProductIds {
  projectId: number;
  cases: number[];
  releases: number[];
  sets: number[];
  folders: number[];
  requirements: number[];
  steps: number[];
}

/** Makes the product that histories are played on: a release tree of every type, and everything else flat and unlinked. */
export async function aProduct(db: Database): Promise<ProductIds> {
  const projectId = await aProject(db);
  const times = async (count: number, make: (position: number) => Promise<number>) => {
    const ids: number[] = [];
    for (let position = 0; position < count; position += 1) ids.push(await make(position));
    return ids;
  };
  const folders = await times(world.folders, () => aTestCaseFolder(db, projectId));
  const cases = await times(world.cases, () => aTestCase(db, projectId));
  const steps = await times(world.cases, (position) => aTestStep(db, projectId, { testCaseId: cases[position] ?? 0 }));
  const sets = await times(world.sets, () => aTestSet(db, projectId));
  const releases = await aReleaseTree(db, projectId);
  const requirements = await times(world.requirements, (position) =>
    aRequirement(db, projectId, position === 0 ? {} : { releaseId: releases[position] ?? null }),
  );
  await db.transaction((transaction) => appendChange(transaction, projectId, { kind: 'cases', testCaseIds: cases }));
  return { projectId, cases, releases, sets, folders, requirements, steps };
}

/** Major > (minor > sprint, phase > sprint), and a second major with a sprint. */
async function aReleaseTree(db: Database, projectId: number): Promise<number[]> {
  const [MAJOR, MINOR, SPRINT, PHASE] = [1, 2, 3, 4];
  const release = (releaseTypeId: number | undefined, parentReleaseId: number | null) =>
    aRelease(db, projectId, { releaseTypeId: releaseTypeId ?? 1, parentReleaseId });
  const first = await release(MAJOR, null);
  const minor = await release(MINOR, first);
  const sprint = await release(SPRINT, minor);
  const phase = await release(PHASE, first);
  const last = await release(SPRINT, phase);
  const second = await release(MAJOR, first);
  return [first, minor, sprint, phase, last, second, await release(SPRINT, second)];
}
