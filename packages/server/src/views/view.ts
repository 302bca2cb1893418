import type { Condition, ListQuery, Sort, ValueTest } from '../domain/filter.ts';
import type { Queryable } from '../storage/database.ts';
import { customValueSql } from './custom-condition.ts';

/** What views read from: each statement for itself. A name for those who may not know storage. */
export type ReadSide = Queryable;

/** A column of a view: SQL text and, for the compiler, the type that comes back. */
export interface Column<Value> {
  readonly sql: string;
  readonly valueType?: Value;
}

export const number = (sql: string): Column<number> => ({ sql });
export const text = (sql: string): Column<string> => ({ sql });
export const date = (sql: string): Column<Date> => ({ sql });
export const boolean = (sql: string): Column<boolean> => ({ sql });
export const numbers = (sql: string): Column<number[]> => ({ sql });
export const json = <Value = unknown>(sql: string): Column<Value> => ({ sql });

type Columns = Record<string, Column<unknown>>;

/** One row of a view, by domain names; whatever is not set is null. */
export type Row<C extends Columns> = {
  [Field in keyof C]: (C[Field] extends Column<infer Value> ? Value : never) | null;
};
export type RowOfView<V> = V extends View<infer C> ? Row<C> : never;

export interface ViewDefinition<C extends Columns> {
  /** Everything between FROM and WHERE, joins included. `$1` is the first of `parameters`. */
  from: string;
  /** Always applied; names the project: `t.project_id = $1 and not t.is_deleted`. */
  scope: string;
  columns: C;
  /** Can be filtered and sorted by, but are not read: texts that would be long, members that the object lacks. */
  unread?: Columns;
  /** Fields that the scope keeps from being null: an index in their order serves the sort. */
  neverNull?: readonly (keyof C & string)[];
  /** The column that makes the order total. */
  key: keyof C & string;
  defaultSort?: Sort;
}

/**
 * A read model: one FROM clause and its columns by domain name. Lists, counts and single rows, with every filter and
 * sort, come from this one declaration.
 */
export class View<C extends Columns> {
  readonly definition: ViewDefinition<C>;
  private readonly select: string;

  constructor(definition: ViewDefinition<C>) {
    this.definition = definition;
    const columns = Object.entries(definition.columns).map(([field, column]) => `${column.sql} as "${field}"`);
    this.select = `select ${columns.join(', ')} from ${definition.from}`;
  }

  /**
   * Returns the rows in the asked order (nulls last, ties by key) and slice. Unknown sort fields mean the default. Of a
   * slice the keys are found first: columns with subqueries are then computed for its rows only, however far down it is.
   */
  async list(db: Queryable, parameters: unknown[], query: ListQuery = {}): Promise<Row<C>[]> {
    const values = [...parameters];
    const where = this.where(query.where ?? [], values);
    const slice = this.slice(query, values);
    const order = `order by ${this.order(query.sort)}`;
    const { from, scope, key } = this.definition;
    const keySql = this.sqlOf(key);
    const wanted =
      slice === ''
        ? where
        : `${scope} and ${keySql} = any (array(select ${keySql} from ${from} where ${where} ${order}${slice}))`;
    return db.query<Row<C>>({ text: `${this.select} where ${wanted} ${order}`, values });
  }

  /** Returns how many rows meet the conditions. */
  async count(db: Queryable, parameters: unknown[], conditions: readonly Condition[] = []): Promise<number> {
    const values = [...parameters];
    const where = this.where(conditions, values);
    const [row] = await db.query<{ count: number }>({
      text: `select count(*) as count from ${this.definition.from} where ${where}`,
      values,
    });
    return row?.count ?? 0;
  }

  /** Returns the row with this key, undefined when there is none within the scope. */
  async find(db: Queryable, parameters: unknown[], key: number): Promise<Row<C> | undefined> {
    const values = [...parameters, key];
    const [row] = await db.query<Row<C>>({
      text: `${this.select} where ${this.definition.scope} and ${this.sqlOf(this.definition.key)} = $${values.length}`,
      values,
    });
    return row;
  }

  private where(conditions: readonly Condition[], values: unknown[]): string {
    const bind = (value: unknown) => `$${values.push(value)}`;
    return [this.definition.scope, ...conditions.map((condition) => `(${this.conditionSql(condition, bind)})`)].join(
      ' and ',
    );
  }

  private conditionSql(condition: Condition, bind: (value: unknown) => string): string {
    if (condition.test === 'words') return this.wordsSql(condition, bind);
    const column = this.sqlOf(condition.field);
    if (condition.test !== 'custom') return valueSql(column, condition, bind);
    const value = customValueSql(column, condition, bind);
    // A value that is not set is neither yes nor no.
    return condition.is.test === 'isTrue' ? `${value} is ${condition.is.value}` : valueSql(value, condition.is, bind);
  }

  private wordsSql(condition: Extract<Condition, { test: 'words' }>, bind: (value: unknown) => string): string {
    const columns = condition.fields.map((field) => this.sqlOf(field));
    const each = condition.words.map((word) => {
      const bound = bind(pattern(word));
      return `(${columns.map((column) => `${column} ilike ${bound}`).join(' or ')})`;
    });
    return each.length > 0 ? each.join(' and ') : 'true';
  }

  private order(sort: Sort | undefined): string {
    const key = this.sqlOf(this.definition.key);
    const asked =
      sort && this.columnOf(sort.field)
        ? sort
        : (this.definition.defaultSort ?? { field: this.definition.key, descending: false });
    const direction = asked.descending ? 'desc' : 'asc';
    const first = this.sqlOf(asked.field);
    if (first === key) return `${key} ${direction}`;
    const nulls = this.definition.neverNull?.includes(asked.field) ? '' : ' nulls last';
    return `${first} ${direction}${nulls}, ${key} ${direction}`;
  }

  private slice({ page }: ListQuery, values: unknown[]): string {
    if (!page) return '';
    const limit = page.limit === undefined ? '' : ` limit $${values.push(page.limit)}`;
    return page.offset > 0 ? `${limit} offset $${values.push(page.offset)}` : limit;
  }

  private columnOf(field: string): Column<unknown> | undefined {
    const { columns, unread = {} } = this.definition;
    return Object.hasOwn(columns, field) ? columns[field] : Object.hasOwn(unread, field) ? unread[field] : undefined;
  }

  private sqlOf(field: string): string {
    const column = this.columnOf(field);
    if (!column) throw new Error(`This view has no column for ${field}`);
    return column.sql;
  }
}

/** Declares a view. */
export function view<C extends Columns>(definition: ViewDefinition<C>): View<C> {
  return new View(definition);
}

/** Returns SQL for a test of a value that SQL stands for. */
function valueSql(column: string, condition: ValueTest, bind: (value: unknown) => string): string {
  switch (condition.test) {
    case 'anyOf':
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
function pattern(contained: string): string {
  return `%${contained.replace(/[\\%_]/g, '\\$&')}%`;
}

function bounds(
  column: string,
  low: [unknown, string],
  high: [unknown, string],
  bind: (value: unknown) => string,
): string {
  const parts = [low, high]
    .filter(([value]) => value !== undefined)
    .map(([value, operator]) => `${column} ${operator} ${bind(value)}`);
  return parts.length > 0 ? parts.join(' and ') : 'true';
}
