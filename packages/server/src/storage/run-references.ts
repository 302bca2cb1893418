import { binaryArray } from './binary-array.ts';
import type { Queryable, Transaction } from './database.ts';
import { type NamedByRuns, ProjectReferences } from './known-references.ts';
import { queryPlannedOnce } from './planning.ts';

/** Everything that new runs of one call refer to, by kind; repeated ids are fine. */
export interface WantedReferences {
  userIds: Iterable<number>;
  testCaseIds: Iterable<number>;
  releaseIds: Iterable<number>;
  buildIds: Iterable<number>;
  testSetIds: Iterable<number>;
  rowIds: Iterable<number>;
  /** Sets named without a row, with the case whose row is looked for (AU-6). */
  places: Iterable<{ testSetId: number; testCaseId: number }>;
  testConfigurationIds: Iterable<number>;
  automationHostIds: Iterable<number>;
  documentIds: Iterable<number>;
  testStepIds: Iterable<number>;
}

/** Nothing; to be spread where only some kinds are wanted. */
export const noReferences: WantedReferences = {
  userIds: [],
  testCaseIds: [],
  releaseIds: [],
  buildIds: [],
  testSetIds: [],
  rowIds: [],
  places: [],
  testConfigurationIds: [],
  automationHostIds: [],
  documentIds: [],
  testStepIds: [],
};

export interface ReferencedRelease {
  guid: string;
  versionNumber: string;
}

/** What of it exists. Deleted things do not, except cases and steps, which say so themselves or are accepted (SV-10). */
export interface RunReferences extends NamedByRuns {
  projectGuid: string;
  settings: unknown;
  users: ReadonlyMap<number, { guid: string; isMember: boolean }>;
  releases: ReadonlyMap<number, ReferencedRelease>;
  builds: ReadonlyMap<number, ReferencedRelease & { releaseId: number }>;
  /** The row of lowest position that a set has of a case, by set and case. */
  rowOf(testSetId: number, testCaseId: number): number | undefined;
  testConfigurations: ReadonlySet<number>;
  automationHosts: ReadonlySet<number>;
  /** All that there are. */
  automationEngines: ReadonlyMap<number, { token: string }>;
  documents: ReadonlySet<number>;
}

/** What the statement answers: lists of rows as JSON, which costs a tenth of a row each to read. */
interface Found {
  project: [guid: string, settings: unknown, version: string] | null;
  users: [id: number, guid: string, isMember: boolean][] | null;
  testCases:
    | [
        id: number,
        isDeleted: boolean,
        name: string,
        guid: string,
        estimatedDuration: number | null,
        automationEngineId: number | null,
        automationAttachmentId: number | null,
      ][]
    | null;
  releases: [id: number, guid: string, versionNumber: string][] | null;
  builds: [id: number, releaseId: number, guid: string, versionNumber: string][] | null;
  testSets: [id: number, guid: string][] | null;
  rows: [id: number, testSetId: number, testSetGuid: string, testCaseId: number][] | null;
  places: [testSetId: number, testCaseId: number, id: number, position: number][] | null;
  testConfigurations: number[] | null;
  automationHosts: number[] | null;
  automationEngines: [id: number, token: string][] | null;
  documents: number[] | null;
  testSteps: [id: number, testCaseId: number][] | null;
}

const list = (...columns: string[]) => `json_agg(json_build_array(${columns.join(', ')}))`;

// One statement for all kinds: a call costs one round trip, and a kind that nothing refers to costs microseconds.
// A build or row whose release or set was deleted does not exist either.
const lookUp = `
  select
    (select json_build_array(guid, settings, references_version) from project where project_id = $1) as project,
    (select ${list(
      'u.user_id',
      'u.guid',
      'u.user_id = 1 or exists (select from project_member m where m.project_id = $1 and m.user_id = u.user_id)',
    )}
       from app_user u where u.user_id = any($2::int[])) as users,
    (select ${list(
      ...['test_case_id', 'is_deleted', 'name', 'guid', 'estimated_duration'],
      ...['automation_engine_id', 'automation_attachment_id'],
    )}
       from test_case where project_id = $1 and test_case_id = any($3::int[])) as "testCases",
    (select ${list('release_id', 'guid', 'version_number')}
       from release where project_id = $1 and release_id = any($4::int[]) and not is_deleted) as releases,
    (select ${list('b.build_id', 'b.release_id', 'r.guid', 'r.version_number')}
       from build b
       join release r on r.project_id = $1 and r.release_id = b.release_id and not r.is_deleted
      where b.project_id = $1 and b.build_id = any($5::int[]) and not b.is_deleted) as builds,
    (select ${list('test_set_id', 'guid')}
       from test_set where project_id = $1 and test_set_id = any($6::int[]) and not is_deleted) as "testSets",
    (select ${list('r.test_set_row_id', 'r.test_set_id', 's.guid', 'r.test_case_id')}
       from test_set_row r
       join test_set s on s.project_id = $1 and s.test_set_id = r.test_set_id and not s.is_deleted
      where r.project_id = $1 and r.test_set_row_id = any($7::int[]) and not r.is_removed) as rows,
    (select ${list('r.test_set_id', 'r.test_case_id', 'r.test_set_row_id', 'r.position')}
       from unnest($8::int[], $9::int[]) as w (test_set_id, test_case_id)
       join test_set_row r on r.project_id = $1 and r.test_set_id = w.test_set_id and r.test_case_id = w.test_case_id
        and not r.is_removed) as places,
    (select json_agg(test_configuration_id)
       from test_configuration
      where project_id = $1 and test_configuration_id = any($10::int[])) as "testConfigurations",
    (select json_agg(automation_host_id)
       from automation_host
      where project_id = $1 and automation_host_id = any($11::int[]) and not is_deleted) as "automationHosts",
    (select ${list('automation_engine_id', 'token')} from automation_engine) as "automationEngines",
    (select json_agg(document_id)
       from document where project_id = $1 and document_id = any($12::int[]) and not is_deleted) as documents,
    (select ${list('test_step_id', 'test_case_id')}
       from test_step where project_id = $1 and test_step_id = any($13::int[])) as "testSteps"`;

/**
 * Returns what exists of the references of new runs: one statement for all of them. Of what runs name one by one, a
 * transaction asks only for what this process does not know, and for everything once more where that is not current.
 */
export async function findRunReferences(
  db: Queryable | Transaction,
  projectId: number,
  wanted: WantedReferences,
): Promise<RunReferences> {
  const known = 'isTransaction' in db ? db.knownReferences.of(projectId) : undefined;
  const unknown = known && (await lookedUp(db, projectId, withoutKnown(wanted, known)));
  const isCurrent = unknown !== undefined && versionOf(unknown) === known?.version;
  const found = isCurrent ? unknown : await lookedUp(db, projectId, wanted);
  const named = isCurrent && known ? known : new ProjectReferences(versionOf(found));
  named.add(namedIn(found));
  if ('isTransaction' in db) db.knownReferences.keep(projectId, named);
  return collected(found, named);
}

/** Undefined where there is no such project. */
const versionOf = ({ project }: Found): string | undefined => project?.[2];

function withoutKnown(wanted: WantedReferences, known: NamedByRuns): WantedReferences {
  const unknown = (ids: Iterable<number>, ofKind: ReadonlyMap<number, unknown>) =>
    Array.from(ids).filter((id) => !ofKind.has(id));
  return {
    ...wanted,
    testCaseIds: unknown(wanted.testCaseIds, known.testCases),
    testSetIds: unknown(wanted.testSetIds, known.testSets),
    rowIds: unknown(wanted.rowIds, known.rows),
    testStepIds: unknown(wanted.testStepIds, known.testSteps),
  };
}

async function lookedUp(db: Queryable, projectId: number, wanted: WantedReferences): Promise<Found> {
  const places = distinctPlaces(wanted.places);
  const [found] = await queryPlannedOnce<Found>(db, {
    name: 'run-references',
    text: lookUp,
    values: [
      projectId,
      distinct(wanted.userIds),
      distinct(wanted.testCaseIds),
      distinct(wanted.releaseIds),
      distinct(wanted.buildIds),
      distinct(wanted.testSetIds),
      distinct(wanted.rowIds),
      binaryArray('integer', places.setIds),
      binaryArray('integer', places.caseIds),
      distinct(wanted.testConfigurationIds),
      distinct(wanted.automationHostIds),
      distinct(wanted.documentIds),
      distinct(wanted.testStepIds),
    ],
  });
  if (!found) throw new Error('The look-up of references always answers one row');
  return found;
}

function namedIn(found: Found): NamedByRuns {
  return {
    testCases: byId(
      found.testCases,
      (_, isDeleted, name, guid, estimatedDuration, automationEngineId, automationAttachmentId) => ({
        isDeleted,
        name,
        guid,
        estimatedDuration,
        automationEngineId,
        automationAttachmentId,
      }),
    ),
    testSets: byId(found.testSets, (_, guid) => ({ guid })),
    rows: byId(found.rows, (id, testSetId, testSetGuid, testCaseId) => ({
      testSetTestCaseId: id,
      testSetId,
      testSetGuid,
      testCaseId,
    })),
    testSteps: byId(found.testSteps, (_, testCaseId) => ({ testCaseId })),
  };
}

function collected(found: Found, { testCases, testSets, rows, testSteps }: NamedByRuns): RunReferences {
  const places: Places = new Map();
  for (const [setId, caseId, rowId, position] of found.places ?? []) {
    keepLowest(placesOf(places, setId), caseId, { rowId, position });
  }
  const [projectGuid, settings] = found.project ?? ['', {}];
  return {
    projectGuid,
    settings,
    users: byId(found.users, (_, guid, isMember) => ({ guid, isMember })),
    testCases,
    releases: byId(found.releases, (_, guid, versionNumber) => ({ guid, versionNumber })),
    builds: byId(found.builds, (_, releaseId, guid, versionNumber) => ({ releaseId, guid, versionNumber })),
    testSets,
    rows,
    rowOf: (testSetId, testCaseId) => places.get(testSetId)?.get(testCaseId)?.rowId,
    testConfigurations: new Set(found.testConfigurations),
    automationHosts: new Set(found.automationHosts),
    automationEngines: byId(found.automationEngines, (_, token) => ({ token })),
    documents: new Set(found.documents),
    testSteps,
  };
}

function byId<Row extends readonly [id: number, ...unknown[]], Value>(
  rows: readonly Row[] | null,
  toValue: (...row: Row) => Value,
): Map<number, Value> {
  return new Map(rows?.map((row) => [row[0], toValue(...row)]));
}

interface Place {
  rowId: number;
  position: number;
}

/** By set, then by case: two lookups of a number cost far less than building a key of both. */
type Places = Map<number, Map<number, Place>>;

function placesOf(places: Places, testSetId: number): Map<number, Place> {
  const known = places.get(testSetId);
  if (known) return known;
  const created = new Map<number, Place>();
  places.set(testSetId, created);
  return created;
}

/** Positions may repeat: then the older row counts. */
function keepLowest(ofSet: Map<number, Place>, testCaseId: number, place: Place): void {
  const kept = ofSet.get(testCaseId);
  if (!kept || place.position < kept.position || (place.position === kept.position && place.rowId < kept.rowId)) {
    ofSet.set(testCaseId, place);
  }
}

/** Returns the pairs without repetition, so that a case that was run often is looked for once. */
function distinctPlaces(places: WantedReferences['places']): { setIds: number[]; caseIds: number[] } {
  const seen = new Map<number, Set<number>>();
  const setIds: number[] = [];
  const caseIds: number[] = [];
  for (const { testSetId, testCaseId } of places) {
    const cases = seen.get(testSetId);
    if (cases?.has(testCaseId)) continue;
    if (cases) cases.add(testCaseId);
    else seen.set(testSetId, new Set([testCaseId]));
    setIds.push(testSetId);
    caseIds.push(testCaseId);
  }
  return { setIds, caseIds };
}

const distinct = (ids: Iterable<number>) => binaryArray('integer', [...new Set(ids)]);
