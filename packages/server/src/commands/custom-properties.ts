import {
  type NamedInValue,
  type SentValues,
  type SettledValues,
  type StoredValue,
  saysSomething,
  settledValues,
} from '../domain/custom-properties.ts';
import type { NamedByValue } from '../domain/custom-property.ts';
import type { Issue } from '../domain/errors.ts';
import { listDefinitions, listsOfValues } from '../storage/custom-properties.ts';
import type { Transaction } from '../storage/database.ts';
import { existingIds } from '../storage/references.ts';

/** What one artifact of a call says of its custom properties. */
export interface CustomValuesOfItem {
  sent: SentValues;
  /** The values in the artifact's row; missing for a new one. */
  stored?: unknown;
  /** Position in the list that was sent; missing for a single object. */
  index?: number | undefined;
}

/** What the values of an artifact become, and what is wrong with them. */
export interface SettledCustomValues {
  issues: Issue[];
  /** Undefined when what is stored stays, null when nothing is left. */
  values: readonly StoredValue[] | null | undefined;
  /** The same as the text of a JSON column. */
  json: string | null | undefined;
}

/** The artifact types that carry values, for commands. */
export const CarriesValues = {
  requirement: 1,
  testCase: 2,
  incident: 3,
  release: 4,
  testRun: 5,
  testStep: 7,
  testSet: 8,
  automationHost: 9,
  document: 13,
} as const;
type CarryingType = (typeof CarriesValues)[keyof typeof CarriesValues];

const unsaid: SettledCustomValues = { issues: [], values: undefined, json: undefined };

/**
 * Returns what the custom values of each item become, in their order; the one rule for every artifact (rest-v7 22.3).
 * Set-wise: definitions are read once, and only when some item says something; what the values name is looked up with
 * one statement a kind, whatever the number of items.
 */
export async function settleCustomValues(
  transaction: Transaction,
  projectId: number,
  { artifactTypeId, items }: { artifactTypeId: CarryingType; items: readonly CustomValuesOfItem[] },
): Promise<SettledCustomValues[]> {
  if (!items.some(({ sent, stored }) => saysSomething(sent, stored))) return items.map(() => unsaid);
  const definitions = await listDefinitions(transaction, artifactTypeId);
  const settled = items.map(({ sent, stored }) =>
    saysSomething(sent, stored) ? settledValues({ sent, stored }, { definitions, artifactTypeId }) : undefined,
  );
  const exists = await existing(
    transaction,
    projectId,
    settled.flatMap((one) => one?.named ?? []),
  );
  return settled.map((one, at) => (one ? outcome(one, exists, items[at]?.index) : unsaid));
}

/** The same for a call about one artifact. */
export async function settleOwnCustomValues(
  transaction: Transaction,
  projectId: number,
  { artifactTypeId, ...item }: CustomValuesOfItem & { artifactTypeId: CarryingType },
): Promise<SettledCustomValues> {
  const [settled = unsaid] = await settleCustomValues(transaction, projectId, { artifactTypeId, items: [item] });
  return settled;
}

function outcome(
  { issues, named, values }: SettledValues,
  exists: (named: NamedInValue) => boolean,
  index: number | undefined,
): SettledCustomValues {
  const all = [...issues, ...named.filter((one) => !exists(one)).map(missing)];
  return {
    issues: index === undefined ? all : all.map((issue) => ({ ...issue, index })),
    values,
    json: values ? JSON.stringify(values) : values,
  };
}

/** Returns a test of whether what a value names exists: in the project, or in the list of its property. */
async function existing(
  transaction: Transaction,
  projectId: number,
  named: readonly NamedInValue[],
): Promise<(one: NamedInValue) => boolean> {
  const found = new Map<NamedByValue, ReadonlySet<number>>();
  let lists: ReadonlyMap<number, number> = new Map();
  for (const [kind, ofKind] of Map.groupBy(named, (one) => one.names)) {
    const ids = ofKind.map((one) => one.id);
    if (kind === 'listValue') lists = await listsOfValues(transaction, ids);
    else found.set(kind, await existingIds(transaction, projectId, kind, ids));
  }
  return ({ names, id, customListId }) =>
    names === 'listValue' ? customListId !== null && lists.get(id) === customListId : !!found.get(names)?.has(id);
}

const spoken: Record<NamedByValue, string> = {
  listValue: 'a value of the list that this property chooses from',
  member: 'a member (user) of this project',
  release: 'a release of this project',
  automationHost: 'an automation host of this project',
};

const missing = ({ names, id, field }: NamedInValue): Issue => ({
  code: 'outsideTable',
  field,
  message: `${id} is not ${spoken[names]}`,
});
