import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coverageShares } from './coverage-shares.ts';

test('5.8: four covering cases, two passed, one failed, one not run, make 0.5, 0.25 and 0.25 of a requirement', () => {
  const shares = coverageShares([{ total: 4, passed: 2, failed: 1, blocked: 0, caution: 0 }]);
  expect(shares).toEqual({ passed: 0.5, failed: 0.25, blocked: 0, caution: 0, notRun: 0.25, notCovered: 0 });
});

test('RQ-4: a requirement without covering cases is not covered', () => {
  const uncovered = { total: 0, passed: 0, failed: 0, blocked: 0, caution: 0 };
  expect(coverageShares([uncovered, uncovered])).toMatchObject({ notCovered: 2, passed: 0, notRun: 0 });
});

test('5.8: the shares add up to the number of requirements', () => {
  const counts = fc.record({
    passed: fc.nat(9),
    failed: fc.nat(9),
    blocked: fc.nat(9),
    caution: fc.nat(9),
    rest: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(counts), (requirements) => {
      const shares = coverageShares(
        requirements.map(({ rest, ...parts }) => ({
          ...parts,
          total: rest + parts.passed + parts.failed + parts.blocked + parts.caution,
        })),
      );
      expect(Object.values(shares).reduce((sum, share) => sum + share)).toBeCloseTo(requirements.length);
    }),
  );
});
