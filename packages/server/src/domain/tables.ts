const table = (names: Record<number, string>): ReadonlyMap<number, string> =>
  new Map(Object.entries(names).map(([id, name]) => [Number(id), name]));

// The fixed tables of the public reference (rest-v7 9.1) and the seeded lists of 9.2. Ids are what clients send.

export const executionStatuses = table({
  1: 'Failed',
  2: 'Passed',
  3: 'Not Run',
  4: 'Not Applicable',
  5: 'Blocked',
  6: 'Caution',
});
export const testRunTypes = table({ 1: 'Manual', 2: 'Automated' });
export const runnerFormats = table({ 1: 'Plain Text', 2: 'HTML' });
export const releaseTypes = table({ 1: 'Major Release', 2: 'Minor Release', 3: 'Sprint', 4: 'Phase' });
export const releaseStatuses = table({
  1: 'Planned',
  2: 'In Progress',
  3: 'Completed',
  4: 'Closed',
  5: 'Deferred',
  6: 'Cancelled',
});
export const buildStatuses = table({ 1: 'Failed', 2: 'Succeeded', 3: 'Unstable', 4: 'Aborted' });
export const testCaseStatuses = table({
  1: 'Draft',
  2: 'Ready for Review',
  3: 'Rejected',
  4: 'Approved',
  5: 'Ready for Test',
  6: 'Obsolete',
  7: 'Tested',
  8: 'Verified',
});
export const testCaseTypes = table({
  1: 'Acceptance',
  2: 'Compatibility',
  3: 'Functional',
  4: 'Integration',
  5: 'Load/Performance',
  6: 'Network',
  7: 'Regression',
  8: 'Scenario',
  9: 'Security',
  10: 'Unit',
  11: 'Usability',
  12: 'Exploratory',
});
export const priorities = table({ 1: '1 - Critical', 2: '2 - High', 3: '3 - Medium', 4: '4 - Low' });
export const testSetStatuses = table({
  1: 'Not Started',
  2: 'In Progress',
  3: 'Completed',
  4: 'Blocked',
  5: 'Deferred',
});
export const recurrences = table({ 1: 'Hourly', 2: 'Daily', 3: 'Weekly', 4: 'Monthly', 5: 'Quarterly', 6: 'Yearly' });
export const requirementStatuses = table({
  1: 'Requested',
  2: 'Planned',
  3: 'In Progress',
  4: 'Developed',
  5: 'Accepted',
  6: 'Rejected',
  7: 'Under Review',
  8: 'Obsolete',
  9: 'Tested',
  10: 'Completed',
  11: 'Ready for Review',
  12: 'Ready for Test',
  13: 'Released',
  14: 'Design in Process',
  15: 'Design Approval',
  16: 'Documented',
});
export const requirementTypes = table({
  '-1': 'Epic',
  1: 'Need',
  2: 'Feature',
  3: 'Use Case',
  4: 'User Story',
  5: 'Quality',
  6: 'Design Element',
});
export const importances = table({ 1: '1 - Critical', 2: '2 - High', 3: '3 - Medium', 4: '4 - Low' });
export const incidentStatuses = table({
  1: 'New',
  2: 'Open',
  3: 'Assigned',
  4: 'Resolved',
  5: 'Closed',
  6: 'Not Reproducible',
  7: 'Duplicate',
  8: 'Reopen',
});
/** The incident statuses that count as open; only New is documented so, the rest follows from their names. */
export const openIncidentStatuses: readonly number[] = [1, 2, 3, 8];
export const incidentTypes = table({
  1: 'Incident',
  2: 'Bug',
  3: 'Enhancement',
  4: 'Issue',
  5: 'Training',
  6: 'Limitation',
  7: 'Change Request',
  8: 'Risk',
});
export const severities = table({ 1: '1 - Critical', 2: '2 - High', 3: '3 - Medium', 4: '4 - Low' });
export const documentTypes = table({ 1: 'Default', 2: 'Functional Specification', 3: 'Design', 4: 'Script' });
export const documentStatuses = table({ 1: 'Draft', 2: 'Under Review', 3: 'Approved', 4: 'Completed', 5: 'Rejected' });
export const attachmentTypes = table({ 1: 'File', 2: 'URL' });
export const artifactLinkTypes = table({ 1: 'Related-to', 2: 'Depends-on' });
export const artifactTypes = table({
  1: 'Requirement',
  2: 'TestCase',
  3: 'Incident',
  4: 'Release',
  5: 'TestRun',
  6: 'Task',
  7: 'TestStep',
  8: 'TestSet',
  9: 'AutomationHost',
  10: 'AutomationEngine',
  11: 'Placeholder',
  12: 'RequirementStep',
  13: 'Document',
  14: 'Risk',
  15: 'RiskMitigation',
});

export const customPropertyTypes = table({
  1: 'Text',
  2: 'Integer',
  3: 'Decimal',
  4: 'Boolean',
  5: 'Date',
  6: 'List',
  7: 'Multi-list',
  8: 'User',
  9: 'Password',
  10: 'Release',
  11: 'Date and time',
  12: 'Automation host',
});
export const customPropertyOptions = table({
  1: 'Allow empty',
  2: 'Max length',
  3: 'Min length',
  4: 'Rich text',
  5: 'Default',
  6: 'Max value',
  7: 'Min value',
  8: 'Precision',
});

/** The ids of execution statuses by name, for rules that speak of them. */
export const ExecutionStatus = { Failed: 1, Passed: 2, NotRun: 3, NotApplicable: 4, Blocked: 5, Caution: 6 } as const;
export type ExecutionStatusId = (typeof ExecutionStatus)[keyof typeof ExecutionStatus];

/** Returns `1 Failed, 2 Passed, ...`, for messages that say what is allowed. */
export function allowedValues(names: ReadonlyMap<number, string>): string {
  return [...names].map(([id, name]) => `${id} ${name}`).join(', ');
}
