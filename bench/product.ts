import type { SpiraClient } from './spira-client.ts';

/** The product that the runs are recorded in: 500 cases, 20 sets with a row for each of 25 cases, 10 releases. */
export interface BenchProduct {
  projectId: number;
  releaseIds: number[];
  testCaseIds: number[];
  /** By test case: a set that holds it, and its row there. */
  places: Map<number, { testSetId: number; rowId: number }>;
}

export const shape = { cases: 500, sets: 20, releases: 10 } as const;

/** Creates the product over the wire and returns its ids. */
export async function createProduct(client: SpiraClient): Promise<BenchProduct> {
  const { ProjectId: projectId } = await client.post<{ ProjectId: number }>('projects', { Name: 'Benchmark' });
  const inProject = <Answer>(path: string, body: unknown) => client.post<Answer>(`projects/${projectId}/${path}`, body);
  const many = async (count: number, create: (position: number) => Promise<number>) => {
    const ids: number[] = [];
    for (let position = 0; position < count; position += 1) ids.push(await create(position));
    return ids;
  };
  const releaseIds = await many(shape.releases, async (position) => {
    const dates = { StartDate: '2026-01-01T00:00:00Z', EndDate: '2026-12-31T00:00:00Z' };
    const body = { Name: `Release ${position + 1}`, ReleaseTypeId: 1, ReleaseStatusId: 2, ...dates };
    return (await inProject<{ ReleaseId: number }>('releases', body)).ReleaseId;
  });
  const testCaseIds = await many(shape.cases, async (position) => {
    return (await inProject<{ TestCaseId: number }>('test-cases', { Name: `Case ${position + 1}` })).TestCaseId;
  });
  for (const releaseId of releaseIds) await inProject(`releases/${releaseId}/test-cases`, testCaseIds);
  const places = new Map<number, { testSetId: number; rowId: number }>();
  for (let position = 0; position < shape.sets; position += 1) {
    const set = { Name: `Set ${position + 1}`, Description: '', TestSetStatusId: 1, TestRunTypeId: 2 };
    const { TestSetId: testSetId } = await inProject<{ TestSetId: number }>('test-sets', set);
    const cases = testCaseIds.slice((position * shape.cases) / shape.sets, ((position + 1) * shape.cases) / shape.sets);
    for (const testCaseId of cases) {
      const rows = await inProject<{ TestSetTestCaseId: number; TestCaseId: number }[]>(
        `test-sets/${testSetId}/test-case-mapping/${testCaseId}`,
        [],
      );
      const row = rows.find((candidate) => candidate.TestCaseId === testCaseId);
      if (row) places.set(testCaseId, { testSetId, rowId: row.TestSetTestCaseId });
    }
  }
  return { projectId, releaseIds, testCaseIds, places };
}
