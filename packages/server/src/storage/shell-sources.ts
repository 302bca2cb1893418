import type { CaseStep, GivenValue, StepLibrary } from '../domain/step-expansion.ts';
import type { Queryable } from './database.ts';

/** What a shell copies from its case. */
export interface ShellCase {
  testCaseId: number;
  guid: string;
  name: string;
  estimatedDuration: number | null;
  automationEngineId: number | null;
  automationEngineToken: string | null;
  automationEngineName: string | null;
  automationAttachmentId: number | null;
}

/** What a shell copies from its set. A release that was deleted is none. */
export interface ShellSet {
  testSetId: number;
  guid: string;
  plannedDate: Date | null;
  releaseId: number | null;
  releaseGuid: string | null;
  releaseVersionNumber: string | null;
  testConfigurationSetId: number | null;
}

export interface ShellRow {
  testSetTestCaseId: number;
  testSetId: number;
  testCaseId: number;
}

export interface DeclaredParameter {
  testCaseParameterId: number;
  testCaseId: number;
  name: string;
  defaultValue: string | null;
}

/** Returns the cases that exist, by id. */
export async function findShellCases(
  db: Queryable,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<Map<number, ShellCase>> {
  const rows = await db.query<ShellCase>(
    `select c.test_case_id as "testCaseId", c.guid::text, c.name, c.estimated_duration as "estimatedDuration",
            c.automation_engine_id as "automationEngineId", e.token as "automationEngineToken",
            e.name as "automationEngineName", c.automation_attachment_id as "automationAttachmentId"
       from test_case c left join automation_engine e on e.automation_engine_id = c.automation_engine_id
      where c.project_id = $1 and c.test_case_id = any($2::int[]) and not c.is_deleted`,
    [projectId, [...testCaseIds]],
  );
  return new Map(rows.map((row) => [row.testCaseId, row]));
}

/** Returns the steps of the cases and of every case they link to, however far; three statements. */
export async function findStepLibrary(
  db: Queryable,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<StepLibrary> {
  const steps = await db.query<CaseStep>(
    `with recursive wanted (test_case_id) as (
       select unnest($2::int[])
       union
       select s.linked_test_case_id from wanted w
         join test_step s on s.project_id = $1 and s.test_case_id = w.test_case_id and not s.is_deleted
        where s.linked_test_case_id is not null)
     select s.test_step_id as "testStepId", s.test_case_id as "testCaseId", s.description,
            s.linked_test_case_id as "linkedTestCaseId", s.expected_result as "expectedResult",
            s.sample_data as "sampleData"
       from wanted w
       join test_case c on c.project_id = $1 and c.test_case_id = w.test_case_id and not c.is_deleted
       join test_step s on s.project_id = $1 and s.test_case_id = w.test_case_id and not s.is_deleted
      order by s.test_case_id, s.position, s.test_step_id`,
    [projectId, [...testCaseIds]],
  );
  const links = steps.filter((step) => step.linkedTestCaseId !== null).map((step) => step.testStepId);
  const caseIds = [...new Set([...testCaseIds, ...steps.map((step) => step.testCaseId)])];
  const passed = await db.query<NamedValue>(
    `select test_step_id as "ownerId", lower(name) as name, value from test_step_parameter
      where project_id = $1 and test_step_id = any($2::int[]) and value is not null`,
    [projectId, links],
  );
  const declared = await listDeclaredParameters(db, projectId, caseIds);
  const defaults = declared.flatMap(({ testCaseId, name, defaultValue }) =>
    defaultValue === null ? [] : [{ ownerId: testCaseId, name: name.toLowerCase(), value: defaultValue }],
  );
  return {
    steps: Map.groupBy(steps, (step) => step.testCaseId),
    passedValues: byOwner(passed),
    defaults: byOwner(defaults),
  };
}

interface NamedValue {
  ownerId: number;
  name: string;
  value: string;
}

function byOwner(values: readonly NamedValue[]): Map<number, Map<string, string>> {
  const grouped = Map.groupBy(values, (value) => value.ownerId);
  return new Map([...grouped].map(([owner, of]) => [owner, new Map(of.map(({ name, value }) => [name, value]))]));
}

/** Returns the parameters that the cases declare themselves, by name. */
export async function listDeclaredParameters(
  db: Queryable,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<DeclaredParameter[]> {
  return db.query<DeclaredParameter>(
    `select test_case_parameter_id as "testCaseParameterId", test_case_id as "testCaseId", name,
            default_value as "defaultValue"
       from test_case_parameter where project_id = $1 and test_case_id = any($2::int[])
      order by lower(name), test_case_parameter_id`,
    [projectId, [...testCaseIds]],
  );
}

const setColumns = `s.test_set_id as "testSetId", s.guid::text, s.planned_date as "plannedDate",
  r.release_id as "releaseId", r.guid::text as "releaseGuid", r.version_number as "releaseVersionNumber",
  s.test_configuration_set_id as "testConfigurationSetId"`;
const setTables = `test_set s
  left join release r on r.project_id = s.project_id and r.release_id = s.release_id and not r.is_deleted`;

/** Returns a set, undefined when there is none. */
export async function findShellSet(db: Queryable, projectId: number, testSetId: number): Promise<ShellSet | undefined> {
  const [found] = await db.query<ShellSet>(
    `select ${setColumns} from ${setTables} where s.project_id = $1 and s.test_set_id = $2 and not s.is_deleted`,
    [projectId, testSetId],
  );
  return found;
}

/** Returns the sets that wait for a host: assigned to it, not started, planned within the range; earliest first. */
export async function listPlannedSets(
  db: Queryable,
  projectId: number,
  wanted: { automationHostId: number; from: Date | null; to: Date | null },
): Promise<ShellSet[]> {
  return db.query<ShellSet>(
    `select ${setColumns} from ${setTables}
      where s.project_id = $1 and s.automation_host_id = $2 and not s.is_deleted and s.test_set_status_id = 1
        and s.planned_date is not null
        and ($3::timestamptz is null or s.planned_date >= $3) and ($4::timestamptz is null or s.planned_date <= $4)
      order by s.planned_date, s.test_set_id`,
    [projectId, wanted.automationHostId, wanted.from, wanted.to],
  );
}

/** Returns the rows of the sets whose case is not deleted, each set's in its order. */
export async function listShellRows(
  db: Queryable,
  projectId: number,
  testSetIds: readonly number[],
): Promise<ShellRow[]> {
  return db.query<ShellRow>(
    `select r.test_set_row_id as "testSetTestCaseId", r.test_set_id as "testSetId", r.test_case_id as "testCaseId"
       from test_set_row r
       join test_case c on c.project_id = r.project_id and c.test_case_id = r.test_case_id and not c.is_deleted
      where r.project_id = $1 and r.test_set_id = any($2::int[]) and not r.is_removed
      order by r.test_set_id, r.position, r.test_set_row_id`,
    [projectId, [...testSetIds]],
  );
}

/** Returns the entries of configuration sets in their order, and the values of each entry. */
export async function listConfigurations(
  db: Queryable,
  projectId: number,
  configurationSetIds: readonly number[],
): Promise<{ testConfigurationId: number; testConfigurationSetId: number; values: GivenValue[] }[]> {
  return db.query(
    `select t.test_configuration_id as "testConfigurationId", t.test_configuration_set_id as "testConfigurationSetId",
            coalesce(jsonb_agg(jsonb_build_object('testCaseId', p.test_case_id, 'name', p.name, 'value', v.value,
              'testCaseParameterId', p.test_case_parameter_id) order by p.test_case_parameter_id)
              filter (where p.test_case_parameter_id is not null), '[]') as values
       from test_configuration t
       left join test_configuration_value v
         on v.project_id = t.project_id and v.test_configuration_id = t.test_configuration_id
       left join test_case_parameter p
         on p.project_id = t.project_id and p.test_case_parameter_id = v.test_case_parameter_id
      where t.project_id = $1 and t.test_configuration_set_id = any($2::int[])
      group by t.test_configuration_id, t.test_configuration_set_id, t.position
      order by t.test_configuration_set_id, t.position, t.test_configuration_id`,
    [projectId, [...configurationSetIds]],
  );
}

/** Returns the values that sets and their rows give to parameters; row 0 is the set itself. */
export async function listSetValues(
  db: Queryable,
  projectId: number,
  testSetIds: readonly number[],
): Promise<(GivenValue & { testSetId: number; testSetTestCaseId: number })[]> {
  return db.query(
    `select v.test_set_id as "testSetId", v.test_set_row_id as "testSetTestCaseId", p.test_case_id as "testCaseId",
            p.test_case_parameter_id as "testCaseParameterId", p.name, v.value
       from test_set_parameter v
       join test_case_parameter p
         on p.project_id = v.project_id and p.test_case_parameter_id = v.test_case_parameter_id
      where v.project_id = $1 and v.test_set_id = any($2::int[]) and v.value is not null
      order by p.test_case_parameter_id`,
    [projectId, [...testSetIds]],
  );
}
