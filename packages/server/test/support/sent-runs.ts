/** A run as a recorder sends it; `more` is sent besides, or instead. */
export function aSentRun(testCaseId: number, more: object = {}) {
  return {
    TestCaseId: testCaseId,
    ExecutionStatusId: 2,
    RunnerName: 'PyTest',
    RunnerTestName: 'test_login',
    EndDate: '2026-03-02T11:10:00Z',
    ...more,
  };
}

/** A manual run with one step, as it is sent once it has been executed. */
export function aSentManualRun({ testCaseId, testStepId }: { testCaseId: number; testStepId: number }, more = {}) {
  return {
    TestCaseId: testCaseId,
    StartDate: '2026-03-02T11:00:00Z',
    EndDate: '2026-03-02T11:10:00Z',
    TestRunSteps: [{ TestStepId: testStepId, Position: 1, ExecutionStatusId: 2 }],
    ...more,
  };
}
