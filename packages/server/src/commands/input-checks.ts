import { type Issue, notFound } from '../domain/errors.ts';
import { allowedValues } from '../domain/tables.ts';
import type { Transaction } from '../storage/database.ts';
import { existingIds, type ReferenceKind } from '../storage/references.ts';

/** One id that a command was given. Null and undefined refer to nothing and are fine. */
export interface Reference {
  kind: ReferenceKind;
  field: string;
  id: number | null | undefined;
  index?: number;
}

const spoken: Record<ReferenceKind, string> = {
  release: 'Release',
  build: 'Build',
  testCase: 'Test case',
  testCaseFolder: 'Test case folder',
  testStep: 'Test step',
  testStepEvenDeleted: 'Test step',
  testCaseEvenDeleted: 'Test case',
  testSet: 'Test set',
  testSetFolder: 'Test set folder',
  testConfiguration: 'Test configuration',
  testConfigurationSet: 'Test configuration set',
  requirement: 'Requirement',
  component: 'Component',
  automationHost: 'Automation host',
  automationEngine: 'Automation engine',
  document: 'Document',
  incident: 'Incident',
  testRun: 'Test run',
  testRunStep: 'Test run step',
  member: 'Product member (user)',
};

/** Returns an issue for every reference that does not exist in the project; one statement per kind. */
export async function missingReferences(
  transaction: Transaction,
  projectId: number,
  references: readonly Reference[],
): Promise<Issue[]> {
  const given = references.filter(
    (reference): reference is Reference & { id: number } => typeof reference.id === 'number',
  );
  const issues: Issue[] = [];
  for (const [kind, ofKind] of Map.groupBy(given, (reference) => reference.kind)) {
    const existing = await existingIds(
      transaction,
      projectId,
      kind,
      ofKind.map((reference) => reference.id),
    );
    for (const reference of ofKind) {
      if (!existing.has(reference.id)) issues.push(missing(reference));
    }
  }
  return issues;
}

/**
 * Returns the id of the thing that a call is about (from the path, or the own id in an update's body), after looking
 * that it exists in the project. A missing id is a thing that does not exist.
 */
export async function requireExisting(
  transaction: Transaction,
  projectId: number,
  { kind, id }: { kind: ReferenceKind; id: number | null | undefined },
): Promise<number> {
  if (id === null || id === undefined) throw notFound(`The ${spoken[kind].toLowerCase()} that was named`);
  const existing = await existingIds(transaction, projectId, kind, [id]);
  if (!existing.has(id)) throw notFound(`${spoken[kind]} ${id}`);
  return id;
}

function missing({ kind, field, id, index }: Reference): Issue {
  return {
    code: 'notFound',
    field,
    message: `${spoken[kind]} ${id} does not exist in this project`,
    ...(index === undefined ? {} : { index }),
  };
}

/** Returns an issue when a value is outside its table; null and undefined are fine. */
export function outsideTable(
  table: ReadonlyMap<number, string>,
  field: string,
  value: number | null | undefined,
  what: string,
  index?: number,
): Issue[] {
  if (value === null || value === undefined || table.has(value)) return [];
  const message = `${value} is not ${what}; allowed are ${allowedValues(table)}`;
  return [{ code: 'outsideTable', field, message, ...(index === undefined ? {} : { index }) }];
}

/**
 * Returns the references that an update changes. What was stored before may be gone since (a deleted release, somebody
 * who left): a thing that is read and sent back as it was is not refused for that.
 */
export function changedReferences(references: readonly Reference[], stored: object): Reference[] {
  return references.filter(({ field, id }) => (stored as Record<string, unknown>)[field] !== id);
}

/** Returns an issue when an update would take the name away; missing and null keep the stored one. */
export function blankName(name: string | null | undefined, what: string): Issue[] {
  if (name === undefined || name === null || name.trim() !== '') return [];
  return [{ code: 'invalid', field: 'name', message: `${what} needs a name` }];
}
