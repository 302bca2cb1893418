import type { BenchProduct } from '../product/create-product.ts';
import type { SpiraClient } from '../spira/spira-client.ts';

/** One run that a server has acknowledged. */
export interface RecordedRun {
  testCaseId: number;
  testSetId: number;
  releaseId: number;
  executionStatusId: number;
  endMs: number;
}

interface CaseAnswer {
  ExecutionStatusId: number;
  ExecutionDate: string | null;
}

/** The runs of one test set for one release, recorded one by one: everybody meets at the same parents. */
export class SingleRecorder {
  readonly projectId: number;
  private readonly releaseId: number;
  private readonly rows: { testCaseId: number; testSetId: number; rowId: number }[];
  private readonly firstEndMs = Date.now();
  private recorded = 0;

  constructor(product: BenchProduct) {
    this.projectId = product.projectId;
    this.releaseId = product.releaseIds[0] ?? 0;
    const rows = [...product.places].map(([testCaseId, place]) => ({ testCaseId, ...place }));
    this.rows = rows.filter(({ testSetId }) => testSetId === rows[0]?.testSetId);
  }

  /** Records the next run; each ends later than all before it, so it is the latest of its case. */
  async record(client: SpiraClient): Promise<RecordedRun> {
    const number = this.recorded++;
    const row = this.rows[number % this.rows.length]!;
    const executionStatusId = number % 7 === 0 ? 1 : 2;
    const endMs = this.firstEndMs + number;
    const body = {
      TestCaseId: row.testCaseId,
      ReleaseId: this.releaseId,
      TestSetId: row.testSetId,
      TestSetTestCaseId: row.rowId,
      ExecutionStatusId: executionStatusId,
      StartDate: new Date(endMs - 750).toISOString(),
      EndDate: new Date(endMs).toISOString(),
      RunnerName: 'Benchmark',
      RunnerTestName: `library.booking.case_${row.testCaseId}`,
      RunnerMessage: executionStatusId === 1 ? 'expected 42 to equal 41' : 'passed',
    };
    await client.record(`projects/${this.projectId}/test-runs/record`, Buffer.from(JSON.stringify(body)));
    const { testCaseId, testSetId } = row;
    return { testCaseId, testSetId, releaseId: this.releaseId, executionStatusId, endMs };
  }

  /** Returns whether the case shows this run, or a later one of somebody else's, as its latest. */
  async isShown(client: SpiraClient, run: RecordedRun): Promise<boolean> {
    const path = `projects/${this.projectId}/test-cases/${run.testCaseId}`;
    const shown = await client.get<CaseAnswer>(path);
    const shownMs = endOf(shown.ExecutionDate);
    return shownMs > run.endMs || (shownMs === run.endMs && shown.ExecutionStatusId === run.executionStatusId);
  }
}

/** Returns a call of `record`, each with the next run of the product. */
export function recordSingle(client: SpiraClient, product: BenchProduct): () => Promise<number> {
  const recorder = new SingleRecorder(product);
  return async () => {
    await recorder.record(client);
    return 1;
  };
}

/** Reads a date of an answer, which is in UTC whether it says so or not; NaN without one. */
function endOf(date: string | null): number {
  if (date === null) return Number.NaN;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(date) ? date : `${date}Z`);
}
