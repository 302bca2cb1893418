import { reference } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteReleaseTestCaseMapping = spiraObject(
  'RemoteReleaseTestCaseMapping',
  { description: 'A test case that is to be tested in a release.' },
  {
    ReleaseId: reference('The release.').notNull(),
    TestCaseId: reference('The test case.').notNull(),
  },
);
