import type { SpiraClient } from '../spira/spira-client.ts';

/** The product that runs are recorded in, as a recorder knows it. */
export interface BenchProduct {
  projectId: number;
  releaseIds: number[];
  testCaseIds: number[];
  /** By test case: a set that holds it, and its row there. */
  places: Map<number, { testSetId: number; rowId: number }>;
}

/** How much there is of what; every set holds an equal share of the cases. */
export interface ProductShape {
  cases: number;
  sets: number;
  releases: number;
}

const fullShape: ProductShape = { cases: 500, sets: 20, releases: 10 };
/** Made in a moment, for runs that only show that all this works. */
const shortShape: ProductShape = { cases: 50, sets: 2, releases: 2 };

/**
 * Creates over the wire what runs are recorded in: 500 cases, all mapped to 10 releases, and 20 sets with a row for each
 * of 25 cases. In a product of its own, which takes a system administrator, unless one is named.
 */
export async function createProduct(
  client: SpiraClient,
  { isShort, existing }: { isShort: boolean; existing?: number | undefined },
): Promise<BenchProduct> {
  const shape = isShort ? shortShape : fullShape;
  const projectId = existing ?? (await client.post<{ ProjectId: number }>('projects', { Name: 'Benchmark' })).ProjectId;
  const inProject = <Result>(path: string, body: unknown) => client.post<Result>(`projects/${projectId}/${path}`, body);
  const releaseIds = await times(shape.releases, async (position) => {
    const dates = { StartDate: '2026-01-01T00:00:00Z', EndDate: '2026-12-31T00:00:00Z' };
    const body = { Name: `Release ${position + 1}`, ReleaseTypeId: 1, ReleaseStatusId: 2, ...dates };
    return (await inProject<{ ReleaseId: number }>('releases', body)).ReleaseId;
  });
  const testCaseIds = await times(shape.cases, async (position) => {
    return (await inProject<{ TestCaseId: number }>('test-cases', { Name: `Case ${position + 1}` })).TestCaseId;
  });
  for (const releaseId of releaseIds) await inProject(`releases/${releaseId}/test-cases`, testCaseIds);
  const places: BenchProduct['places'] = new Map();
  const casesOfSet = shape.cases / shape.sets;
  await times(shape.sets, async (position) => {
    const set = { Name: `Set ${position + 1}`, Description: '', TestSetStatusId: 1, TestRunTypeId: 2 };
    const { TestSetId: testSetId } = await inProject<{ TestSetId: number }>('test-sets', set);
    for (const testCaseId of testCaseIds.slice(position * casesOfSet, (position + 1) * casesOfSet)) {
      const rows = await inProject<{ TestSetTestCaseId: number; TestCaseId: number }[]>(
        `test-sets/${testSetId}/test-case-mapping/${testCaseId}`,
        [],
      );
      const row = rows.find((candidate) => candidate.TestCaseId === testCaseId);
      if (row) places.set(testCaseId, { testSetId, rowId: row.TestSetTestCaseId });
    }
  });
  return { projectId, releaseIds, testCaseIds, places };
}

/** One after the other: positions and names then follow the order. */
async function times<Made>(count: number, make: (position: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  for (let position = 0; position < count; position += 1) made.push(await make(position));
  return made;
}
