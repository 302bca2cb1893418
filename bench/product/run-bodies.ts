import type { BenchProduct } from './create-product.ts';

/** What a bulk call sends of one run. */
export interface RunBody {
  TestCaseId: number;
  ReleaseId: number;
  TestSetId: number | null;
  TestSetTestCaseId: number | null;
  ExecutionStatusId: number;
  StartDate: string;
  EndDate: string;
  RunnerName: string;
  RunnerTestName: string;
  RunnerMessage: string;
  RunnerStackTrace: string | null;
}

const frame = '    at Object.<anonymous> (src/booking/seats/allocation.spec.ts:142:17)\n';
const shortTrace = `AssertionError: expected 42 to equal 41\n${frame.repeat(8)}`;
const longTrace = `AssertionError: expected 42 to equal 41\n${frame.repeat(700)}`;

/**
 * Returns runs of a realistic shape: one in seven fails with a trace of 600 bytes, one in 350 with one of 50 KB. They end
 * now, in the same order whatever the seed: of a case, the run that is recorded last is the latest.
 */
export function makeRuns(product: BenchProduct, count: number, seed: number): RunBody[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, position) => {
    const number = seed * count + position;
    const testCaseId = product.testCaseIds[number % product.testCaseIds.length] ?? 0;
    const place = number % 3 === 0 ? product.places.get(testCaseId) : undefined;
    const hasFailed = number % 7 === 0;
    const endMs = nowMs + position;
    return {
      TestCaseId: testCaseId,
      ReleaseId: product.releaseIds[seed % product.releaseIds.length] ?? 0,
      TestSetId: place?.testSetId ?? null,
      TestSetTestCaseId: place?.rowId ?? null,
      ExecutionStatusId: hasFailed ? 1 : 2,
      StartDate: new Date(endMs - 750).toISOString(),
      EndDate: new Date(endMs).toISOString(),
      RunnerName: 'Benchmark',
      RunnerTestName: `booking.seats.allocation.case_${testCaseId}`,
      RunnerMessage: hasFailed ? 'expected 42 to equal 41' : 'passed',
      RunnerStackTrace: hasFailed ? (number % 350 === 0 ? longTrace : shortTrace) : null,
    };
  });
}
