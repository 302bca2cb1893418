import { type Static, Type } from 'typebox';
import { nullable, object } from './basics.ts';

const KeepDays = Type.Integer({
  minimum: 1,
  maximum: 36_500,
  description:
    'Test runs that ended longer ago are deleted by the nightly round and by the data tool `apply-retention`.',
});

export const RetentionSettings = object(
  'RetentionSettings',
  { keepDays: nullable(KeepDays) },
  'How long the test runs of one project are kept; null: for ever. Runs that a figure needs, and runs with incidents, documents, comments or associations, always stay.',
);
export type RetentionSettings = Static<typeof RetentionSettings>;

export const RetentionPreviewQuery = Type.Object({ keepDays: KeepDays });

export const RetentionPreview = object(
  'RetentionPreview',
  {
    keepDays: Type.Integer(),
    runs: Type.Integer({ description: 'Test runs that would be deleted now.' }),
  },
  'What keeping runs for so long would delete. Counted from all runs: takes seconds in a large project.',
);
