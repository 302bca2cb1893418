/** What a recalculation can be limited to, in the order in which the parts build on each other (DT-1). */
export const figureParts = ['cases', 'releases', 'sets', 'folders', 'requirements'] as const;
export type FigurePart = (typeof figureParts)[number];

export type DataToolName =
  | 'recalculate-all'
  | 'recalculate-test-cases'
  | 'recalculate-releases'
  | 'recalculate-test-sets'
  | 'recalculate-folders'
  | 'recalculate-requirements'
  | 'refresh-pending'
  | 'apply-retention'
  | 'repair-folders'
  | 'check-requirement-indentation'
  | 'correct-requirement-indentation'
  | 'check-release-indentation'
  | 'correct-release-indentation'
  | 'refresh-indexes'
  | 'delete-unused-texts';

/** One of the Data Tools (semantics 4.2). */
export interface DataTool {
  name: DataToolName;
  title: string;
  /** One or two sentences for the person who is about to press the button. */
  description: string;
  /** `project`: acts on one project, for its administrators. `system`: on the whole server, for system administrators. */
  scope: 'project' | 'system';
  /** Can be limited to one release and its ancestors (DC-2). */
  takesRelease?: true;
}

/** Every Data Tool, in the order in which the pages list them. */
export const dataTools: readonly DataTool[] = [
  {
    name: 'recalculate-all',
    title: 'Recalculate everything',
    description:
      'Derives every status and counter of the project anew from its test runs: test cases, releases, test sets, folders and requirements, in this order.',
    scope: 'project',
  },
  {
    name: 'recalculate-test-cases',
    title: 'Recalculate test case statuses',
    description:
      'Derives status, date and duration of test cases and the last status of their steps from the test runs.',
    scope: 'project',
  },
  {
    name: 'recalculate-releases',
    title: 'Recalculate release statuses',
    description:
      'Derives the status of test cases per release and the counters of releases; with a release, only its own and those of the releases above it.',
    scope: 'project',
    takesRelease: true,
  },
  {
    name: 'recalculate-test-sets',
    title: 'Recalculate test set statuses',
    description: 'Derives status, date and counters of test sets and of the test cases in them.',
    scope: 'project',
  },
  {
    name: 'recalculate-folders',
    title: 'Recalculate folders',
    description: 'Sums the counters of test case and test set folders from the statuses stored now.',
    scope: 'project',
  },
  {
    name: 'recalculate-requirements',
    title: 'Recalculate requirement statuses',
    description:
      'Sums the test coverage of requirements from the test case statuses stored now; recalculate test cases first when those are out of date.',
    scope: 'project',
  },
  {
    name: 'refresh-pending',
    title: 'Refresh what is pending',
    description: 'Brings the figures up to date with the results recorded since the last refresh. Takes moments.',
    scope: 'project',
  },
  {
    name: 'apply-retention',
    title: 'Delete old test runs',
    description:
      'Refreshes what is pending, then deletes for good the test runs that are older than the project keeps them. No figure changes: the latest run of each test case, release and test set row stays, and so do runs with incidents, documents, comments or associations.',
    scope: 'project',
  },
  {
    name: 'repair-folders',
    title: 'Repair folder hierarchies',
    description:
      'Checks the trees of test case and test set folders: folders below a missing folder or in a circle, and test cases and test sets in a missing folder, move to the root.',
    scope: 'project',
  },
  {
    name: 'check-requirement-indentation',
    title: 'Check requirement indentation',
    description: 'Says whether every requirement stands in the tree where its parent is. Changes nothing.',
    scope: 'project',
  },
  {
    name: 'correct-requirement-indentation',
    title: 'Correct requirement indentation',
    description: 'Writes the indent levels of requirements anew from their parents and order. Types and parents stay.',
    scope: 'project',
  },
  {
    name: 'check-release-indentation',
    title: 'Check release indentation',
    description: 'Says whether every release stands in the tree where its parent is. Changes nothing.',
    scope: 'project',
  },
  {
    name: 'correct-release-indentation',
    title: 'Correct release indentation',
    description: 'Writes the indent levels of releases anew from their parents and order. Types and parents stay.',
    scope: 'project',
  },
  {
    name: 'refresh-indexes',
    title: 'Refresh database indexes',
    description:
      'Rebuilds the indexes of the whole database while it stays in use; worthwhile after large imports or deletions. Can take long.',
    scope: 'system',
  },
  {
    name: 'delete-unused-texts',
    title: 'Delete unused texts',
    description:
      'Deletes long messages and traces that no test run has any more, once they have not been recorded again for three days. Part of the nightly round.',
    scope: 'system',
  },
];

const byName: ReadonlyMap<string, DataTool> = new Map(dataTools.map((tool) => [tool.name, tool]));

/** Returns the tool of this name, undefined when there is none. */
export function dataTool(name: string): DataTool | undefined {
  return byName.get(name);
}

const parts: Partial<Record<DataToolName, readonly FigurePart[]>> = {
  'recalculate-all': figureParts,
  'recalculate-test-cases': ['cases'],
  'recalculate-releases': ['releases'],
  'recalculate-test-sets': ['sets'],
  'recalculate-folders': ['folders'],
  'recalculate-requirements': ['requirements'],
};

/** Returns what a tool recalculates, in the order of DT-1; undefined for a tool that does something else. */
export function recalculatedParts(name: DataToolName): readonly FigurePart[] | undefined {
  return parts[name];
}

/** What a use of a tool came to. */
export interface ToolOutcome {
  rowsChanged: number;
  /** For check tools: what was found. Kept small: it is stored with the job. */
  result?: Record<string, unknown>;
}
