import type { Condition, ValueTest } from '../../domain/filter.ts';
import { NO_VALUE, type RunDimension } from '../../storage/run-dimensions.ts';
import { type Bind, pattern } from '../conditions.ts';
import type { BlockReading, Zone } from './declaration.ts';

/** How many runs meet a condition: `sql` picks the values that do. */
export interface DimensionTest {
  kind: 'dimension';
  dimension: RunDimension;
  sql: string;
}

/** What blocks know of a condition. */
export type BlockTest =
  | DimensionTest
  /** Whether all or none meet it, when the block lies in or out of the range; milliseconds, both ends included. */
  | { kind: 'zone'; zone: Zone; from: number; to: number }
  /** That all runs of the project meet it, or none. */
  | { kind: 'same'; isMet: boolean }
  /** Nothing. */
  | { kind: 'unknown' };

/** Returns what blocks know of a condition; in the SQL, `v` is a row of run_block_value and $1 the project. */
export function blockTestOf(
  condition: Condition,
  { projectId, reading }: { projectId: number; reading: BlockReading },
  bind: Bind,
): BlockTest {
  if (condition.test === 'custom') return { kind: 'unknown' };
  if (condition.test === 'words') {
    const [field, ...others] = condition.fields;
    const dimension = field === undefined ? undefined : reading.dimensions[field];
    if (!dimension || others.length > 0) return { kind: 'unknown' };
    const texts = condition.words.map((word) => `x.text ilike ${bind(pattern(word))}`);
    return { kind: 'dimension', dimension, sql: textsThat(texts.length > 0 ? texts.join(' and ') : 'true') };
  }
  if (condition.field === 'projectId') {
    return condition.test === 'anyOf'
      ? { kind: 'same', isMet: condition.values.includes(projectId) }
      : { kind: 'unknown' };
  }
  const zone = reading.zones[condition.field];
  if (zone) return zoneTest(zone, condition);
  const dimension = reading.dimensions[condition.field];
  const sql = dimension && (dimension.kind === 'text' ? textTest(condition, bind) : numberTest(condition, bind));
  return dimension && sql !== undefined ? { kind: 'dimension', dimension, sql } : { kind: 'unknown' };
}

const textsThat = (condition: string) =>
  `v.value = any (array(select x.run_text_id from run_text x where x.project_id = $1 and ${condition}))`;

function textTest(condition: ValueTest, bind: Bind): string | undefined {
  if (condition.test === 'isNull') return `v.value = ${NO_VALUE}`;
  return condition.test === 'contains' ? textsThat(`x.text ilike ${bind(pattern(condition.text))}`) : undefined;
}

function numberTest(condition: ValueTest, bind: Bind): string | undefined {
  switch (condition.test) {
    case 'isNull':
      return `v.value = ${NO_VALUE}`;
    case 'anyOf': {
      const values = condition.orNull ? [...condition.values, NO_VALUE] : condition.values;
      return `v.value = any (${bind(values)}::bigint[])`;
    }
    case 'between': {
      const { from, to } = condition;
      if (from instanceof Date || to instanceof Date) return undefined;
      if (from === undefined && to === undefined) return 'true';
      // Whole numbers stand on the other side, so the nearest one within is meant.
      const low = from === undefined ? NO_VALUE + 1 : Math.ceil(from);
      return `v.value >= ${bind(low)}::bigint${to === undefined ? '' : ` and v.value <= ${bind(Math.floor(to))}::bigint`}`;
    }
    default:
      return undefined;
  }
}

function zoneTest(zone: Zone, condition: ValueTest): BlockTest {
  const range = (from: Date | number | undefined, to: Date | number | undefined, shorter: number): BlockTest => ({
    kind: 'zone',
    zone,
    from: from === undefined ? Number.NEGATIVE_INFINITY : Number(from),
    to: to === undefined ? Number.POSITIVE_INFINITY : Number(to) - shorter,
  });
  if (condition.test === 'between') return range(condition.from, condition.to, 0);
  // Dates are whole milliseconds, so the last one before the end is the end of the range.
  if (condition.test === 'within') return range(condition.from, condition.before, 1);
  return { kind: 'unknown' };
}
