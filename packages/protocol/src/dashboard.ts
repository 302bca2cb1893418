import { Type } from 'typebox';
import { object } from './basics.ts';

const share = (description: string) => Type.Number({ minimum: 0, description });

export const RequirementCoverageShares = object(
  'RequirementCoverageShares',
  {
    passed: share('Covered by cases whose latest run is Passed.'),
    failed: share('Covered by cases whose latest run is Failed.'),
    blocked: share('Covered by cases whose latest run is Blocked.'),
    caution: share('Covered by cases whose latest run is Caution.'),
    notRun: share('Covered by cases that never ran, were skipped or do not apply.'),
    notCovered: share('Requirements that no case covers.'),
  },
  'Requirements by the state of their coverage. Each weighs 1, split by its own proportions; the sum is their number.',
);
