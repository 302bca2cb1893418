import type { SentValues, StoredValue } from './custom-properties.ts';

/** What a caller may state of any run. Missing and null both mean the default. */
export interface TestRunInput {
  testCaseId?: number | null;
  name?: string | null;
  testerId?: number | null;
  releaseId?: number | null;
  buildId?: number | null;
  testSetId?: number | null;
  testSetTestCaseId?: number | null;
  testConfigurationId?: number | null;
  startDate?: Date | null;
  endDate?: Date | null;
  tags?: string | null;
  customProperties?: SentValues;
  testRunSteps?: readonly TestRunStepInput[] | null;
}

export interface TestRunStepInput {
  testStepId?: number | null;
  testCaseId?: number | null;
  executionStatusId?: number | null;
  position?: number | null;
  description?: string | null;
  expectedResult?: string | null;
  sampleData?: string | null;
  actualResult?: string | null;
  actualDuration?: number | null;
  startDate?: Date | null;
  endDate?: Date | null;
}

/** A run that a program executed: its status is what was sent (AU-1). */
export interface AutomatedTestRunInput extends TestRunInput {
  executionStatusId?: number | null;
  testRunFormatId?: number | null;
  runnerName?: string | null;
  runnerTestName?: string | null;
  runnerAssertCount?: number | null;
  runnerMessage?: string | null;
  runnerStackTrace?: string | null;
  automationHostId?: number | null;
  automationEngineId?: number | null;
  automationAttachmentId?: number | null;
  parameters?: readonly ParameterValue[] | null;
}

/** A run that a person executed: its status comes from its steps (ST-7), and it has no id yet (SV-5). */
export interface ManualTestRunInput extends TestRunInput {
  testRunId?: number | null;
}

/** A parameter value that a run was given. */
export interface ParameterValue {
  testSetTestCaseId?: number | null;
  testCaseParameterId?: number | null;
  name?: string | null;
  value?: string | null;
}

export const TestRunType = { Manual: 1, Automated: 2 } as const;

/** A run as it is entered in the ledger, every default settled. Minutes are whole; a null end is never completed. */
export interface NewTestRun {
  testCaseId: number;
  releaseId: number | null;
  testSetId: number | null;
  testSetTestCaseId: number | null;
  buildId: number | null;
  testConfigurationId: number | null;
  testerId: number;
  testRunTypeId: number;
  executionStatusId: number;
  name: string;
  startDate: Date;
  endDate: Date | null;
  estimatedDuration: number | null;
  actualDuration: number | null;
  tags: string | null;
  customProperties: readonly StoredValue[] | null;
  automationHostId: number | null;
  automationEngineId: number | null;
  automationAttachmentId: number | null;
  testRunFormatId: number | null;
  runnerName: string | null;
  runnerTestName: string | null;
  runnerAssertCount: number | null;
  runnerMessage: string | null;
  runnerStackTrace: string | null;
  parameters: readonly ParameterValue[] | null;
}

/** A step of such a run. */
export interface NewTestRunStep {
  testStepId: number | null;
  testCaseId: number;
  executionStatusId: number;
  position: number;
  description: string | null;
  expectedResult: string | null;
  sampleData: string | null;
  actualResult: string | null;
  actualDuration: number | null;
  startDate: Date | null;
  endDate: Date | null;
}
