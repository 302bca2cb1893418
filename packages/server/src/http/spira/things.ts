import { notFound } from '../../domain/errors.ts';
import type { Condition } from '../../domain/filter.ts';
import { requireExisting } from '../../views/existing.ts';
import type { ReadSide } from '../../views/view.ts';
import { among } from './conditions.ts';
import type { Call } from './operation.ts';

/** What paths name by id: the parameter, and what a thing is called where there is none. */
export const things = {
  automationHost: { id: 'automation_host_id', what: 'Automation host' },
  component: { id: 'component_id', what: 'Component' },
  document: { id: 'document_id', what: 'Document' },
  incident: { id: 'incident_id', what: 'Incident' },
  release: { id: 'release_id', what: 'Release' },
  requirement: { id: 'requirement_id', what: 'Requirement' },
  testCase: { id: 'test_case_id', what: 'Test case' },
  testCaseFolder: { id: 'test_case_folder_id', what: 'Test case folder' },
  testConfigurationSet: { id: 'test_configuration_set_id', what: 'Test configuration set' },
  testRun: { id: 'test_run_id', what: 'Test run' },
  testSet: { id: 'test_set_id', what: 'Test set' },
  testSetFolder: { id: 'test_set_folder_id', what: 'Test set folder' },
  testStep: { id: 'test_step_id', what: 'Test step' },
  user: { id: 'user_id', what: 'User' },
} as const;
export type Thing = keyof typeof things;
/** What lies in a project; users do not. */
type ThingOfProject = Exclude<Thing, 'user'>;

/** Returns the id of the path, whether or not there is such a thing. */
export function idOfPath({ path }: Call<unknown>, thing: Thing): number {
  return path.id(things[thing].id, things[thing].what);
}

/** Returns the id of a thing that the path names and that exists in its project; else 404. */
export async function existingOfPath(call: Call<unknown>, thing: ThingOfProject): Promise<number> {
  const id = idOfPath(call, thing);
  await requireThing(call, thing, id);
  return id;
}

/** Returns the condition that a field is the folder of the path, which `null` makes the root; 404 without such a folder. */
export async function inFolderOfPath(
  call: Call<unknown>,
  thing: 'testCaseFolder' | 'testSetFolder',
  field: string,
): Promise<Condition> {
  const id = await folderOfPath(call, thing);
  return id === undefined ? { field, test: 'isNull' } : among(field, [id]);
}

/** Returns the id of the folder of the path, undefined for the root; 404 when there is none. */
export async function folderOfPath(
  call: Call<unknown>,
  thing: 'testCaseFolder' | 'testSetFolder',
): Promise<number | undefined> {
  const id = call.path.optionalId(things[thing].id);
  if (id !== undefined) await requireThing(call, thing, id);
  return id;
}

function requireThing({ services, project }: Call<unknown>, thing: ThingOfProject, id: number): Promise<void> {
  return requireExisting(services.read, project.projectId, { kind: thing, id, what: things[thing].what });
}

/** Finds one thing of a project by its id. */
export type Find<Row> = (db: ReadSide, projectId: number, id: number) => Promise<Row | undefined>;

/** Returns how the rows of a view are found whose one parameter is the project. */
export function rowOf<Row>(view: {
  find(db: ReadSide, parameters: unknown[], id: number): Promise<Row | undefined>;
}): Find<Row> {
  return (db, projectId, id) => view.find(db, [projectId], id);
}

/** Returns what the path names by its id; 404 when there is none. */
export async function oneOfPath<Row>(call: Call<unknown>, thing: Thing, find: Find<Row>): Promise<Row> {
  const id = idOfPath(call, thing);
  const row = await find(call.services.read, call.project.projectId, id);
  if (!row) throw notFound(`${things[thing].what} ${id}`);
  return row;
}
