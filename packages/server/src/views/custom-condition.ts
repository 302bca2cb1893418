import type { CustomTest } from '../domain/filter.ts';

type Bind = (value: unknown) => string;

/** What is compared with one entry `e` of the stored list of custom values. */
const isAnyOf = (values: string) => `(e ->> 'integerValue')::numeric = any(${values}::numeric[])
  or (e ->> 'decimalValue')::numeric = any(${values}::numeric[])
  or exists (select from jsonb_array_elements_text(
    case jsonb_typeof(e -> 'integerListValue') when 'array' then e -> 'integerListValue' else '[]' end) i
    where i::numeric = any(${values}::numeric[]))`;

/** Returns SQL for a condition on the custom field with this number, in the JSON list of a column. */
export function customSql(column: string, { number, is }: { number: number; is: CustomTest }, bind: Bind): string {
  const list = `case jsonb_typeof(${column}) when 'array' then ${column} else '[]' end`;
  const exists = (test: string) =>
    `exists (select from jsonb_array_elements(${list}) e where (e ->> 'propertyNumber')::numeric = ${bind(number)} and (${test}))`;
  switch (is.kind) {
    case 'missing':
      return `not ${exists('true')}`;
    case 'anyOf': {
      const some = exists(isAnyOf(bind(is.values)));
      return is.orMissing ? `${some} or not ${exists('true')}` : some;
    }
    case 'dates':
      return exists(bounds(`(e ->> 'dateTimeValue')::timestamptz`, is.range, bind));
    case 'text': {
      const contains = `e ->> 'stringValue' ilike ${bind(`%${is.text.replace(/[\\%_]/g, '\\$&')}%`)}`;
      const isYes = is.isYes === undefined ? [] : [`(e ->> 'booleanValue')::boolean = ${bind(is.isYes)}`];
      const range = is.range
        ? [`(${bounds(`coalesce((e ->> 'integerValue')::numeric, (e ->> 'decimalValue')::numeric)`, is.range, bind)})`]
        : [];
      return exists([contains, ...isYes, ...range].join(' or '));
    }
  }
}

interface Bounds {
  from?: Date | number;
  to?: Date | number;
  before?: Date;
}

function bounds(value: string, { from, to, before }: Bounds, bind: Bind): string {
  const type = [from, to, before].some((end) => end instanceof Date) ? 'timestamptz' : 'numeric';
  const ends = [
    from === undefined ? [] : [`${value} >= ${bind(from)}::${type}`],
    to === undefined ? [] : [`${value} <= ${bind(to)}::${type}`],
    before === undefined ? [] : [`${value} < ${bind(before)}::${type}`],
  ].flat();
  return ends.length > 0 ? ends.join(' and ') : `${value} is not null`;
}
