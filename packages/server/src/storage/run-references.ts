import { binaryArray } from './binary-array.ts';
import type { Queryable } from './database.ts';

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
  automationEngineIds: Iterable<number>;
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
  automationEngineIds: [],
  documentIds: [],
  testStepIds: [],
};

export interface ReferencedCase {
  isDeleted: boolean;
  name: string;
  guid: string;
  estimatedDuration: number | null;
  automationEngineId: number | null;
  automationEngineToken: string | null;
  automationAttachmentId: number | null;
}
export interface ReferencedRelease {
  guid: string;
  versionNumber: string;
}
export interface ReferencedRow {
  testSetTestCaseId: number;
  testSetId: number;
  testSetGuid: string;
  testCaseId: number;
}

/** What of it exists. Deleted things do not, except cases and steps, which say so themselves or are accepted (SV-10). */
export interface RunReferences {
  projectGuid: string;
  settings: unknown;
  users: ReadonlyMap<number, { guid: string; isMember: boolean }>;
  testCases: ReadonlyMap<number, ReferencedCase>;
  releases: ReadonlyMap<number, ReferencedRelease>;
  builds: ReadonlyMap<number, ReferencedRelease & { releaseId: number }>;
  testSets: ReadonlyMap<number, { guid: string }>;
  rows: ReadonlyMap<number, ReferencedRow>;
  /** The row of lowest position that a set has of a case, by set and case. */
  rowOf(testSetId: number, testCaseId: number): number | undefined;
  testConfigurations: ReadonlySet<number>;
  automationHosts: ReadonlySet<number>;
  automationEngines: ReadonlyMap<number, { token: string }>;
  documents: ReadonlySet<number>;
  testSteps: ReadonlyMap<number, { testCaseId: number }>;
}

type Kind =
  | 'project'
  | 'user'
  | 'testCase'
  | 'release'
  | 'build'
  | 'testSet'
  | 'row'
  | 'place'
  | 'testConfiguration'
  | 'automationHost'
  | 'automationEngine'
  | 'document'
  | 'testStep';

interface Found {
  kind: Kind;
  id: number;
  a: number | null;
  b: number | null;
  c: number | null;
  flag: boolean | null;
  name: string | null;
  guid: string | null;
  token: string | null;
}

// One statement for all kinds: a call costs one round trip, and a kind that nothing refers to costs microseconds.
// A build or row whose release or set was deleted does not exist either. Column a of a place is its set, b its case.
const lookUp = `
  select 'project' as kind, project_id as id, null::int as a, null::int as b, null::int as c, null::boolean as flag,
         settings::text as name, guid::text as guid, null::text as token
    from project where project_id = $1
  union all
  select 'user', u.user_id, null, null, null,
         u.user_id = 1 or exists (select from project_member m where m.project_id = $1 and m.user_id = u.user_id),
         null, u.guid::text, null
    from app_user u where u.user_id = any($2::int[])
  union all
  select 'testCase', c.test_case_id, c.estimated_duration, c.automation_engine_id, c.automation_attachment_id,
         c.is_deleted, c.name, c.guid::text, e.token
    from test_case c
    left join automation_engine e on e.automation_engine_id = c.automation_engine_id
   where c.project_id = $1 and c.test_case_id = any($3::int[])
  union all
  select 'release', release_id, null, null, null, null, version_number, guid::text, null
    from release where project_id = $1 and release_id = any($4::int[]) and not is_deleted
  union all
  select 'build', b.build_id, b.release_id, null, null, null, r.version_number, r.guid::text, null
    from build b
    join release r on r.project_id = $1 and r.release_id = b.release_id and not r.is_deleted
   where b.project_id = $1 and b.build_id = any($5::int[]) and not b.is_deleted
  union all
  select 'testSet', test_set_id, null, null, null, null, null, guid::text, null
    from test_set where project_id = $1 and test_set_id = any($6::int[]) and not is_deleted
  union all
  select 'row', r.test_set_row_id, r.test_set_id, r.test_case_id, null, null, null, s.guid::text, null
    from test_set_row r
    join test_set s on s.project_id = $1 and s.test_set_id = r.test_set_id and not s.is_deleted
   where r.project_id = $1 and r.test_set_row_id = any($7::int[]) and not r.is_removed
  union all
  select 'place', r.test_set_row_id, r.test_set_id, r.test_case_id, r.position, null, null, null, null
    from unnest($8::int[], $9::int[]) as w (test_set_id, test_case_id)
    join test_set_row r on r.project_id = $1 and r.test_set_id = w.test_set_id and r.test_case_id = w.test_case_id
     and not r.is_removed
  union all
  select 'testConfiguration', test_configuration_id, null, null, null, null, null, null, null
    from test_configuration where project_id = $1 and test_configuration_id = any($10::int[])
  union all
  select 'automationHost', automation_host_id, null, null, null, null, null, null, null
    from automation_host where project_id = $1 and automation_host_id = any($11::int[]) and not is_deleted
  union all
  select 'automationEngine', automation_engine_id, null, null, null, null, null, null, token
    from automation_engine where automation_engine_id = any($12::int[])
  union all
  select 'document', document_id, null, null, null, null, null, null, null
    from document where project_id = $1 and document_id = any($13::int[]) and not is_deleted
  union all
  select 'testStep', test_step_id, test_case_id, null, null, null, null, null, null
    from test_step where project_id = $1 and test_step_id = any($14::int[])`;

/** Returns what exists of the references of new runs: one statement for all of them. */
export async function findRunReferences(
  db: Queryable,
  projectId: number,
  wanted: WantedReferences,
): Promise<RunReferences> {
  const places = distinctPlaces(wanted.places);
  const found = await db.query<Found>({
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
      distinct(wanted.automationEngineIds),
      distinct(wanted.documentIds),
      distinct(wanted.testStepIds),
    ],
  });
  return collected(found);
}

function collected(found: readonly Found[]): RunReferences {
  const references = {
    projectGuid: '',
    settings: {} as unknown,
    users: new Map<number, { guid: string; isMember: boolean }>(),
    testCases: new Map<number, ReferencedCase>(),
    releases: new Map<number, ReferencedRelease>(),
    builds: new Map<number, ReferencedRelease & { releaseId: number }>(),
    testSets: new Map<number, { guid: string }>(),
    rows: new Map<number, ReferencedRow>(),
    testConfigurations: new Set<number>(),
    automationHosts: new Set<number>(),
    automationEngines: new Map<number, { token: string }>(),
    documents: new Set<number>(),
    testSteps: new Map<number, { testCaseId: number }>(),
  };
  const places: Places = new Map();
  for (const { kind, id, a, b, c, flag, name, guid, token } of found) {
    switch (kind) {
      case 'project':
        references.projectGuid = guid!;
        references.settings = JSON.parse(name!);
        break;
      case 'user':
        references.users.set(id, { guid: guid!, isMember: flag! });
        break;
      case 'testCase':
        references.testCases.set(id, {
          isDeleted: flag!,
          name: name!,
          guid: guid!,
          estimatedDuration: a,
          automationEngineId: b,
          automationEngineToken: token,
          automationAttachmentId: c,
        });
        break;
      case 'release':
        references.releases.set(id, { guid: guid!, versionNumber: name! });
        break;
      case 'build':
        references.builds.set(id, { releaseId: a!, guid: guid!, versionNumber: name! });
        break;
      case 'testSet':
        references.testSets.set(id, { guid: guid! });
        break;
      case 'row':
        references.rows.set(id, { testSetTestCaseId: id, testSetId: a!, testSetGuid: guid!, testCaseId: b! });
        break;
      case 'place':
        keepLowest(placesOf(places, a!), b!, { rowId: id, position: c! });
        break;
      case 'testConfiguration':
        references.testConfigurations.add(id);
        break;
      case 'automationHost':
        references.automationHosts.add(id);
        break;
      case 'automationEngine':
        references.automationEngines.set(id, { token: token! });
        break;
      case 'document':
        references.documents.add(id);
        break;
      case 'testStep':
        references.testSteps.set(id, { testCaseId: a! });
        break;
    }
  }
  return { ...references, rowOf: (testSetId, testCaseId) => places.get(testSetId)?.get(testCaseId)?.rowId };
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
