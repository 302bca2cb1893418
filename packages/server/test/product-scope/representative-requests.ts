import { operations } from '../../src/http/spira/operations.ts';
import type { Database } from '../../src/storage/database.ts';
import type { Answer, SpiraServer } from '../support/spira-server.ts';

type Operation = (typeof operations)[number];

/** In which order operations are called, so that there is something left to read, change and delete. */
const methods = ['GET', 'POST', 'PUT', 'DELETE'];

/** Deletes what all others need; callers do it last. */
const lastOperation = 'DELETE projects/{project_id}';

/**
 * Calls every operation of the Spira face on things that exist, with whatever of several bodies it takes: nothing, an
 * object that a list of the same path has shown, an empty list, a list with an id. Returns the answers by operation.
 */
export async function callEveryOperation(
  server: SpiraServer,
  { projectId, quiet }: { projectId: number; quiet: <Result>(work: () => Promise<Result>) => Promise<Result> },
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const inOrder = operations.toSorted((one, other) => methods.indexOf(one.method) - methods.indexOf(other.method));
  for (const operation of inOrder) {
    if (`${operation.method} ${operation.path}` === lastOperation) continue;
    // What is there may have been deleted by an operation before.
    const ids = await quiet(() => idsOf(server.db, projectId));
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(ids[name] ?? 1));
    answers.set(`${operation.method} ${operation.path}`, await callWithBodies(server, operation, path));
  }
  return answers;
}

async function callWithBodies(server: SpiraServer, { method }: Operation, path: string): Promise<Answer> {
  if (method === 'GET' || method === 'DELETE') return server.call(method, path);
  const item = await itemLike(server, path);
  const id = Object.entries(item).find(([name, value]) => name.endsWith('Id') && typeof value === 'number')?.[1];
  const fresh = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== id || value === 1));
  const bodies = method === 'PUT' ? [item, [item], [id], []] : [fresh, [fresh], [id], [], {}];
  let answer = await server.call(method, path);
  for (const body of bodies) if (answer.status >= 400) answer = await server.call(method, path, { body });
  return answer;
}

/** Returns an object that the path, or one above it, lists or shows. */
async function itemLike(server: SpiraServer, path: string): Promise<Record<string, unknown>> {
  for (let shown = path; shown.includes('/'); shown = shown.slice(0, shown.lastIndexOf('/'))) {
    const { status, json } = await server.call('GET', shown);
    const item: unknown = Array.isArray(json) ? json[0] : json;
    if (status === 200 && typeof item === 'object' && item !== null) return item as Record<string, unknown>;
  }
  return {};
}

/** Returns something that exists for each name that paths have. */
async function idsOf(db: Database, projectId: number): Promise<Record<string, string>> {
  const newest = async (table: string, key: string, where = 'true') => {
    const [row] = await db.query<{ id: number }>(
      `select max(${key}) as id from ${table} where project_id = $1 and ${where}`,
      [projectId],
    );
    return String(row?.id ?? 1);
  };
  const live = 'not is_deleted';
  const [host] = await db.query<{ token: string }>('select token from automation_host where project_id = $1', [
    projectId,
  ]);
  const testCaseId = await newest('test_step', 'test_case_id', `${live} and linked_test_case_id is null`);
  const testStepId = await newest('test_step', 'test_step_id', `${live} and test_case_id = ${testCaseId}`);
  const testSetId = await newest('test_set', 'test_set_id', live);
  const releaseId = await newest('release', 'release_id', live);
  const requirementId = await newest('requirement', 'requirement_id', live);
  return {
    project_id: String(projectId),
    release_id: releaseId,
    parent_release_id: releaseId,
    user_id: '1',
    user_name: 'administrator',
    test_case_id: testCaseId,
    linked_test_case_id: await newest('test_case', 'test_case_id', live),
    test_step_id: testStepId,
    source_test_step_id: testStepId,
    build_id: await newest('build', 'build_id'),
    test_run_id: await newest('test_run', 'test_run_id', live),
    test_run_step_id: await newest('test_run_step', 'test_run_step_id'),
    test_set_id: testSetId,
    test_set_folder_id: await newest('test_set_folder', 'test_set_folder_id'),
    test_set_test_case_id: await newest('test_set_row', 'test_set_row_id', `test_set_id = ${testSetId}`),
    requirement_id: requirementId,
    parent_id: requirementId,
    test_case_folder_id: await newest('test_case_folder', 'test_case_folder_id'),
    automation_host_id: await newest('automation_host', 'automation_host_id', live),
    automation_host_token: host?.token ?? 'none',
    token: host?.token ?? 'none',
    component_id: await newest('component', 'component_id', live),
    incident_id: await newest('incident', 'incident_id', live),
    document_id: await newest('document', 'document_id', live),
    artifact_type_name: 'TestCase',
  };
}
