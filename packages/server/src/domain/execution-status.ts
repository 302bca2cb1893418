import { allowedValues, ExecutionStatus, type ExecutionStatusId, executionStatuses } from './tables.ts';

/** From worst to best: the first that any step has is the status of the whole run (ST-1 to ST-4). */
const precedence: readonly ExecutionStatusId[] = [
  ExecutionStatus.Failed,
  ExecutionStatus.Blocked,
  ExecutionStatus.Caution,
  ExecutionStatus.NotRun,
  ExecutionStatus.Passed,
  ExecutionStatus.NotApplicable,
];

/**
 * Returns the status of a manual run from the statuses of its steps, undefined without steps (ST-5). Only which
 * statuses occur matters, not how often or in which order (ST-6).
 */
export function overallStatus(stepStatuses: Iterable<ExecutionStatusId>): ExecutionStatusId | undefined {
  const present = new Set(stepStatuses);
  for (const status of precedence) if (present.has(status)) return status;
  return undefined;
}

/**
 * Returns whether a manual run of this overall status may be saved as completed: it has steps, and what is Not Run is
 * explained by a step that failed, was blocked or needs caution (semantics 2.2: 59 of the 64 subsets).
 */
export function isSavable(overall: ExecutionStatusId | undefined): overall is ExecutionStatusId {
  return overall !== undefined && overall !== ExecutionStatus.NotRun;
}

/** Returns whether a value is one of the six statuses; missing, null, 0 and 7 are not (SV-2, AU-2). */
export function isExecutionStatus(value: unknown): value is ExecutionStatusId {
  return typeof value === 'number' && executionStatuses.has(value);
}

/** Returns what to say of a value that is none of the six statuses. */
export function notAnExecutionStatus(value: unknown): string {
  const what = value === undefined || value === null ? 'A missing value' : String(value);
  return `${what} is not an execution status; allowed are ${allowedValues(executionStatuses)}`;
}
