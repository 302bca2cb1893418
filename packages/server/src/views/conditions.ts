import type { Condition, ValueTest } from '../domain/filter.ts';
import { customValueSql } from './custom-condition.ts';

/** Gives a value a place among the parameters of a statement; returns its name there. */
export type Bind = (value: unknown) => string;

/** Returns a function that appends to the values of a statement. */
export function binderOf(values: unknown[]): Bind {
  return (value) => `$${values.push(value)}`;
}

/** Returns SQL for a condition; `sqlOf` gives the SQL of a field. */
export function conditionSql(condition: Condition, sqlOf: (field: string) => string, bind: Bind): string {
  if (condition.test === 'words') {
    return wordsSql(
      condition.fields.map((field) => sqlOf(field)),
      condition.words,
      bind,
    );
  }
  const column = sqlOf(condition.field);
  if (condition.test !== 'custom') return valueSql(column, condition, bind);
  const value = customValueSql(column, condition, bind);
  // A value that is not set is neither yes nor no.
  return condition.is.test === 'isTrue' ? `${value} is ${condition.is.value}` : valueSql(value, condition.is, bind);
}

/** Returns SQL that is true when every word occurs in one of the columns. */
export function wordsSql(columns: readonly string[], words: readonly string[], bind: Bind): string {
  const each = words.map((word) => {
    const bound = bind(pattern(word));
    return `(${columns.map((column) => `${column} ilike ${bound}`).join(' or ')})`;
  });
  return each.length > 0 ? each.join(' and ') : 'true';
}

/** Returns SQL for a test of a value that SQL stands for. */
export function valueSql(column: string, condition: ValueTest, bind: Bind): string {
  switch (condition.test) {
    case 'anyOf':
      // One value as such: an index then also serves the order of the rows.
      if (condition.values.length === 1 && !condition.orNull) return `${column} = ${bind(condition.values[0])}::bigint`;
      return `${column} = any(${bind(condition.values)}::bigint[])${condition.orNull ? ` or ${column} is null` : ''}`;
    case 'isNull':
      return `${column} is null`;
    case 'contains':
      return `${column} ilike ${bind(pattern(condition.text))}`;
    case 'isTrue':
      return `${column} is ${condition.value ? 'true' : 'not true'}`;
    case 'overlaps':
      return `${column} && ${bind(condition.values)}::integer[]${condition.orNull ? ` or coalesce(${column}, '{}') = '{}'` : ''}`;
    case 'between':
      return bounds(column, [condition.from, '>='], [condition.to, '<='], bind);
    case 'within':
      return bounds(column, [condition.from, '>='], [condition.before, '<'], bind);
  }
}

/** Returns the LIKE pattern for "contains", the wildcards of the text taken literally. */
export function pattern(contained: string): string {
  return `%${contained.replace(/[\\%_]/g, '\\$&')}%`;
}

function bounds(column: string, low: [unknown, string], high: [unknown, string], bind: Bind): string {
  const parts = [low, high]
    .filter(([value]) => value !== undefined)
    .map(([value, operator]) => `${column} ${operator} ${bind(value)}`);
  return parts.length > 0 ? parts.join(' and ') : 'true';
}
