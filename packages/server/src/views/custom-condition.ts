import type { ValueMember } from '../domain/custom-property.ts';
import type { CustomCondition } from '../domain/filter.ts';

/** The value in a stored entry `e`, by its member, as SQL of its own type. */
const valueOfEntry: Record<ValueMember, string> = {
  stringValue: `e ->> 'stringValue'`,
  integerValue: `(e ->> 'integerValue')::bigint`,
  decimalValue: `(e ->> 'decimalValue')::numeric`,
  booleanValue: `(e ->> 'booleanValue')::boolean`,
  dateTimeValue: `(e ->> 'dateTimeValue')::timestamptz`,
  integerListValue: `array(select jsonb_array_elements_text(e -> 'integerListValue')::integer)`,
};

/** Returns SQL for the value of a custom property in the JSON list of a column; null where it has none. */
export function customValueSql(
  column: string,
  { customPropertyId, member }: CustomCondition,
  bind: (value: unknown) => string,
): string {
  const list = `case jsonb_typeof(${column}) when 'array' then ${column} else '[]' end`;
  return `(select ${valueOfEntry[member]} from jsonb_array_elements(${list}) e
            where (e ->> 'customPropertyId')::integer = ${bind(customPropertyId)}::integer limit 1)`;
}
