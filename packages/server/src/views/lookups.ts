import * as tables from '../domain/tables.ts';

/** One value of a fixed or seeded list, with everything that some list tells of its values. */
export interface LookupValue {
  id: number;
  name: string;
  active: true;
  isActive: true;
  position: number;
  isDefault: boolean;
  /** Shown as the colour of a priority, six hex digits. */
  color: string | null;
  score: number | null;
  workflowId: number;
  isExploratory: boolean;
  isBdd: false;
  isSteps: boolean;
  open: boolean;
  issue: boolean;
  risk: boolean;
}

/** What is said of some values beside their names. */
interface Marks {
  default?: number;
  exploratory?: number;
  steps?: number;
  issue?: number;
  risk?: number;
  open?: readonly number[];
  colors?: readonly string[];
}

const severityColors = ['c92a2a', 'e8590c', 'f2c037', '5c940d'];

function values(table: ReadonlyMap<number, string>, marks: Marks = {}): LookupValue[] {
  return [...table].map(([id, name], index) => ({
    id,
    name,
    active: true,
    isActive: true,
    position: index + 1,
    isDefault: id === marks.default,
    color: marks.colors?.[index] ?? null,
    score: marks.colors ? index + 1 : null,
    workflowId: 1,
    isExploratory: id === marks.exploratory,
    isBdd: false,
    isSteps: id === marks.steps,
    open: marks.open?.includes(id) ?? false,
    issue: id === marks.issue,
    risk: id === marks.risk,
  }));
}

/** The lists of the built-in template, in the order in which they are offered. */
export const lookups = {
  testCaseTypes: values(tables.testCaseTypes, { default: 3, exploratory: 12 }),
  testCaseStatuses: values(tables.testCaseStatuses, { default: 1 }),
  testCasePriorities: values(tables.priorities, { colors: severityColors }),
  releaseTypes: values(tables.releaseTypes, { default: 1 }),
  releaseStatuses: values(tables.releaseStatuses, { default: 1 }),
  requirementTypes: values(tables.requirementTypes, { default: 2, steps: 3 }),
  requirementStatuses: values(tables.requirementStatuses, { default: 1 }),
  requirementImportances: values(tables.importances, { colors: severityColors }),
  incidentTypes: values(tables.incidentTypes, { default: 1, issue: 4, risk: 8 }),
  incidentStatuses: values(tables.incidentStatuses, { default: 1, open: tables.openIncidentStatuses }),
  incidentPriorities: values(tables.priorities, { colors: severityColors }),
  incidentSeverities: values(tables.severities, { colors: severityColors }),
  documentTypes: values(tables.documentTypes, { default: 1 }),
};

/** The template that all products use. */
export const builtInTemplate = {
  projectTemplateId: 1,
  name: 'Built-in template',
  description: 'The lists of values that all products of this server use.',
  isActive: true,
  guid: null,
  concurrencyGuid: null,
};
