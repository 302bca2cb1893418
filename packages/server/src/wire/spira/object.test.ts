import { describe, expect, it } from 'vitest';
import { RemoteRelease } from './objects/release.ts';
import { RemoteAutomatedTestRun } from './objects/test-run.ts';
import { Decoding } from './scalars.ts';

describe('requireMembers', () => {
  it('says one thing of a member whose value was unreadable, not also that it is missing', () => {
    const decoding = new Decoding();
    const release = { Name: 'R', ReleaseStatusId: 1, ReleaseTypeId: 1, StartDate: 'xx', EndDate: '2024-01-02' };
    RemoteRelease.requireMembers(RemoteRelease.decode(release, decoding) ?? {}, decoding);
    expect(decoding.issues).toMatchObject([{ code: 'invalid', field: 'startDate' }]);
  });

  it('looks at each item of a list by itself', () => {
    const all = new Decoding();
    const run = { ExecutionStatusId: 2, RunnerName: 'x' };
    for (const [index, item] of [{ ...run, TestCaseId: 'abc' }, run].entries()) {
      const decoding = all.item(index);
      RemoteAutomatedTestRun.requireMembers(RemoteAutomatedTestRun.decode(item, decoding) ?? {}, decoding);
    }
    expect(all.issues).toMatchObject([
      { code: 'invalid', index: 0, field: 'testCaseId' },
      { code: 'notFound', index: 1, field: 'testCaseId' },
    ]);
  });
});
