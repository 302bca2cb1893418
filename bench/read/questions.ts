import type { Database } from '../../packages/server/src/storage/database.ts';
import type { SpiraClient } from '../spira/spira-client.ts';

/** One call that reads, over the wire. */
export interface Question {
  group: string;
  name: string;
  method: 'GET' | 'POST';
  /** Below the address of the server. */
  path: string;
  body?: Buffer;
}

/** A documented filter of runs with a value that some runs of a generated product have. */
interface Filter {
  PropertyName: string;
  IntValue?: number;
  StringValue?: string;
  DateRangeValue?: { StartDate: string; EndDate: string };
}

const SERVICE = '/Services/v7_0/RestService.svc';
const PAGE = 500;
/** So few that every filter has more in the shortest history: pages of different lengths cannot be compared. */
const FILTERED_PAGE = 50;
/** Where a deep page begins, of all rows that there are. */
const DEPTH = 0.6;

const sortFields = [
  ...['EndDate', 'StartDate', 'ConcurrencyDate', 'TestRunId', 'Name', 'TestCaseId', 'TesterId', 'ExecutionStatusId'],
  ...['ReleaseId', 'ReleaseVersionNumber', 'TestSetId', 'TestSetTestCaseId', 'BuildId', 'EstimatedDuration'],
  ...[
    'ActualDuration',
    'TestConfigurationId',
    'TestRunTypeId',
    'RunnerName',
    'RunnerTestName',
    'AutomationHostId',
    'Tags',
  ],
];

/** Returns every list and count of runs that the reference documents, and the screens of figures. */
export async function questionsOf(
  { db, client }: { db: Database; client: SpiraClient },
  projectId: number,
): Promise<Question[]> {
  const found = await samples(db, projectId);
  const runs = `${SERVICE}/projects/${projectId}/test-runs`;
  const deep = Math.floor(found.runs * DEPTH);
  const paged = (path: string, offset: number, more = '') =>
    `${path}?starting_row=${offset + 1}&number_of_rows=${PAGE}${more}`;
  const filtered = (offset: number) => `${runs}/search?starting_row=${offset + 1}&number_of_rows=${FILTERED_PAGE}`;
  const post = (group: string, name: string, path: string, filters: readonly Filter[]): Question => ({
    group,
    name,
    method: 'POST',
    path,
    body: Buffer.from(JSON.stringify(filters)),
  });
  const get = (group: string, name: string, path: string): Question => ({ group, name, method: 'GET', path });
  const filters = await Promise.all(
    filtersOf(found).map(async (filter) => ({
      filter,
      rows: await client.post<number>(`projects/${projectId}/test-runs/count`, [filter]),
    })),
  );
  return [
    get('first page', 'all runs', paged(runs, 0)),
    get('first page', 'manual runs', paged(`${runs}/manual`, 0)),
    get('first page', 'automated runs', paged(`${runs}/automated`, 0)),
    get('deep page', 'all runs', paged(runs, deep)),
    get('deep page', 'automated runs', paged(`${runs}/automated`, Math.floor(deep * 0.9))),
    get('count', 'all runs', `${runs}/count`),
    ...filters.flatMap(({ filter, rows }) => [
      post('first page, filtered', filter.PropertyName, filtered(0), [filter]),
      post('deep page, filtered', filter.PropertyName, filtered(Math.floor(rows * DEPTH)), [filter]),
      post('count, filtered', filter.PropertyName, `${runs}/count`, [filter]),
    ]),
    ...sortFields.flatMap((field) =>
      ['ASC', 'DESC'].flatMap((direction) => {
        const sort = `&sort_field=${field}&sort_direction=${direction}`;
        return [
          get('first page, sorted', `${field} ${direction}`, paged(runs, 0, sort)),
          get('deep page, sorted', `${field} ${direction}`, paged(runs, deep, sort)),
        ];
      }),
    ),
    post(
      'first page',
      'runs of a case',
      `${SERVICE}/projects/${projectId}/test-cases/${found.testCaseId}/test-runs/search?starting_row=1&number_of_rows=${FILTERED_PAGE}`,
      [],
    ),
    get('one run', 'by id', `${runs}/${found.testRunId}`),
    get('one run', 'automated, with output', `${runs}/${found.testRunId}/automated`),
    ...figurePaths(projectId, found).map(([name, path]) => get('figures', name, path)),
  ];
}

function figurePaths(projectId: number, { releaseId }: Samples): [string, string][] {
  const project = `${SERVICE}/projects/${projectId}`;
  return [
    ['test cases', `${project}/test-cases`],
    ['test cases of a release', `${project}/test-cases?release_id=${releaseId}`],
    ['test case folders', `${project}/test-folders`],
    ['test sets', `${project}/test-sets`],
    ['test sets of a release', `${project}/test-sets?release_id=${releaseId}`],
    ['release tree', `${project}/releases`],
    ['requirement tree', `${project}/requirements?starting_row=1&number_of_rows=500`],
    ['dashboard: requirements coverage', `/api/v1/projects/${projectId}/dashboard/requirement-coverage`],
  ];
}

interface Samples {
  runs: number;
  /** An automated run in the middle of the history, and what it refers to. */
  testRunId: number;
  testCaseId: number;
  testerId: number;
  buildId: number;
  day: string;
  /** The release that the oldest runs are of. */
  releaseId: number;
  testSetId: number;
  testSetRowId: number;
}

async function samples(db: Database, projectId: number): Promise<Samples> {
  const [row] = await db.query<Samples>(
    // Another suite may have recorded more runs than were generated; those have no builds.
    `with whole as (select count(*) as runs,
                           percentile_disc(0.5) within group (order by test_run_id)
                             filter (where test_run_type_id = 2 and build_id is not null) as middle
                      from test_run where project_id = $1),
     run as (select r.* from test_run r, whole where project_id = $1 and test_run_id = middle),
     set_row as (select r.* from test_run r where project_id = $1 and test_set_row_id is not null order by test_run_id limit 1)
     select runs, run.test_run_id as "testRunId", run.test_case_id as "testCaseId", run.tester_id as "testerId",
            run.build_id as "buildId", to_char(run.end_date, 'YYYY-MM-DD') as day,
            (select release_id from test_run where project_id = $1 and release_id is not null order by test_run_id limit 1) as "releaseId",
            set_row.test_set_id as "testSetId", set_row.test_set_row_id as "testSetRowId"
       from whole, run, set_row`,
    [projectId],
  );
  if (!row) throw new Error('The generated product has no runs');
  return row;
}

function filtersOf(found: Samples): Filter[] {
  const day = { StartDate: `${found.day}T00:00:00`, EndDate: `${found.day}T00:00:00` };
  const equals = (PropertyName: string, IntValue: number): Filter => ({ PropertyName, IntValue });
  const contains = (PropertyName: string, StringValue: string): Filter => ({ PropertyName, StringValue });
  return [
    equals('TestRunId', found.testRunId),
    contains('Name', 'Case 78 booked'),
    equals('TestCaseId', found.testCaseId),
    equals('TestRunTypeId', 1),
    equals('TesterId', found.testerId),
    equals('ExecutionStatusId', 5),
    equals('ReleaseId', found.releaseId),
    equals('TestSetId', found.testSetId),
    equals('TestSetTestCaseId', found.testSetRowId),
    { PropertyName: 'StartDate', DateRangeValue: day },
    { PropertyName: 'EndDate', DateRangeValue: day },
    equals('BuildId', found.buildId),
    equals('EstimatedDuration', 5),
    equals('ActualDuration', 1),
    equals('TestConfigurationId', -999),
    equals('AutomationHostId', 1),
    contains('RunnerName', 'pytest'),
    contains('RunnerTestName', `case_${found.testCaseId}`),
    contains('RunnerMessage', 'seat 17'),
    contains('Tags', 'night'),
  ];
}
