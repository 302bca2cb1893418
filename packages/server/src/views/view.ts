import type { Condition, ListQuery, Page, Sort } from '../domain/filter.ts';
import type { Queryable, Readable } from '../storage/database.ts';
import { queryPlannedOnce } from '../storage/planning.ts';
import { idStretches } from '../storage/runs-by-id.ts';
import { countByBlocks, findKeysByBlocks, isNear, type PageOfRuns, type ViewSql } from './blocks/block-reader.ts';
import type { BlockReading } from './blocks/declaration.ts';
import { type Bind, binderOf, conditionSql } from './conditions.ts';

/** What views read from: each statement for itself. A name for those who may not know storage. */
export type ReadSide = Readable;

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
  /** Fields with the same value in every row: sorted by them, rows stand in the order of the key. */
  constant?: readonly (keyof C & string)[];
  /** Rows are completed runs: counts and pages are found by blocks, so that they do not grow with the history. */
  blocks?: BlockReading;
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
    this.select = `select ${columns.join(', ')}`;
  }

  /**
   * Returns the rows in the asked order (nulls last, ties by key) and slice. Unknown sort fields mean the default. Of a
   * slice the keys are found first: columns with subqueries are then computed for its rows only, however far down it is.
   */
  async list(db: Queryable | Readable, parameters: unknown[], query: ListQuery = {}): Promise<Row<C>[]> {
    const { blocks } = this.definition;
    const { where: conditions = [], page } = query;
    if (!blocks || page?.limit === undefined || !('snapshot' in db)) return this.walk(db, parameters, query);
    const asked = { parameters, conditions, sort: this.sortOf(query.sort), page: page as Required<Page> };
    return db.snapshot(async (snapshot) => {
      const isLedTo = this.namesRows(conditions) || isNear(blocks, asked);
      const found = isLedTo ? undefined : await findKeysByBlocks(snapshot, this.sqlFor(blocks), asked);
      return this.rowsOf(snapshot, { blocks, parameters, keys: found ?? (await this.walkToKeys(snapshot, asked)) });
    });
  }

  /** Returns how many rows meet the conditions. */
  async count(db: Queryable | Readable, parameters: unknown[], conditions: readonly Condition[] = []): Promise<number> {
    const { blocks } = this.definition;
    if (!blocks || !('snapshot' in db) || this.namesRows(conditions)) return this.countAll(db, parameters, conditions);
    return db.snapshot(
      async (snapshot) =>
        (await countByBlocks(snapshot, this.sqlFor(blocks), { parameters, conditions })) ??
        this.countAll(snapshot, parameters, conditions),
    );
  }

  /** Returns whether a condition says which rows are meant: they are looked up, whatever else is asked. */
  private namesRows(conditions: readonly Condition[]): boolean {
    return conditions.some(
      (condition) => condition.test === 'anyOf' && condition.field === this.definition.key && !condition.orNull,
    );
  }

  private async walk(db: Queryable, parameters: unknown[], query: ListQuery): Promise<Row<C>[]> {
    const values = [...parameters];
    const where = query.page ? this.isInSlice(query, values) : this.where(query.where ?? [], values);
    const text = `${this.select} from ${this.definition.from} where ${where} order by ${this.order(this.sortOf(query.sort))}`;
    return db.query<Row<C>>({ text, values });
  }

  private isInSlice(query: ListQuery, values: unknown[]): string {
    const { scope, key } = this.definition;
    return `${scope} and ${this.sqlOf(key)} = any (array(${this.selectKeys(query, values)}))`;
  }

  /** Selects the keys of a slice in the asked order. */
  private selectKeys({ where = [], sort, page }: ListQuery, values: unknown[]): string {
    const { from, key } = this.definition;
    const conditions = this.where(where, values);
    return `select ${this.sqlOf(key)} as key from ${from} where ${conditions} order by ${this.order(this.sortOf(sort))}${slice(page, values)}`;
  }

  private async walkToKeys(db: Queryable, { parameters, conditions, sort, page }: PageOfRuns): Promise<number[]> {
    const values = [...parameters];
    const text = this.selectKeys({ where: conditions, sort, page }, values);
    const rows = await db.query<{ key: number }>({ text, values });
    return rows.map(({ key }) => key);
  }

  /** Returns the rows with these keys, in their order. It is one statement for all sorts and pages, so it is planned once. */
  private async rowsOf(
    db: Queryable,
    { blocks, parameters, keys }: { blocks: BlockReading; parameters: unknown[]; keys: readonly number[] },
  ): Promise<Row<C>[]> {
    if (keys.length === 0) return [];
    const { scope, key } = this.definition;
    const [firsts, lasts] = [`$${parameters.length + 1}`, `$${parameters.length + 2}`];
    const rows = await queryPlannedOnce<Row<C>>(db, {
      name: `list-${blocks.name}`,
      text: `${this.select} from ${blocks.fromStretches(firsts, lasts)} where ${scope}`,
      values: [...parameters, ...idStretches(keys)],
    });
    const byKey = new Map(rows.map((row) => [row[key], row]));
    return keys.map((one) => byKey.get(one as Row<C>[typeof key])).filter((row) => row !== undefined);
  }

  private async countAll(db: Queryable, parameters: unknown[], conditions: readonly Condition[]): Promise<number> {
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
      text: `${this.select} from ${this.definition.from} where ${this.definition.scope} and ${this.sqlOf(this.definition.key)} = $${values.length}`,
      values,
    });
    return row;
  }

  private where(conditions: readonly Condition[], values: unknown[]): string {
    return this.conditions(conditions, binderOf(values));
  }

  private conditions(conditions: readonly Condition[], bind: Bind): string {
    const each = conditions.map((condition) => `(${conditionSql(condition, (field) => this.sqlOf(field), bind)})`);
    return [this.definition.scope, ...each].join(' and ');
  }

  /** Returns the sort that is asked for: the default for an unknown field, the key for one that is always the same. */
  private sortOf(sort: Sort | undefined): Sort {
    const { key, defaultSort = { field: key, descending: false }, constant = [] } = this.definition;
    const asked = sort && this.columnOf(sort.field) ? sort : defaultSort;
    return constant.includes(asked.field) ? { ...asked, field: key } : asked;
  }

  private order({ field, descending }: Sort): string {
    const key = this.sqlOf(this.definition.key);
    const direction = descending ? 'desc' : 'asc';
    const first = this.sqlOf(field);
    if (first === key) return `${key} ${direction}`;
    const nulls = this.definition.neverNull?.includes(field) ? '' : ' nulls last';
    return `${first} ${direction}${nulls}, ${key} ${direction}`;
  }

  /** What the reading by blocks needs of this view. */
  private sqlFor(reading: BlockReading): ViewSql {
    return {
      reading,
      from: this.definition.from,
      key: this.sqlOf(this.definition.key),
      where: (conditions, bind) => this.conditions(conditions, bind),
      sqlOf: (field) => this.columnOf(field)?.sql,
    };
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

function slice(page: Page | undefined, values: unknown[]): string {
  if (!page) return '';
  const limit = page.limit === undefined ? '' : ` limit $${values.push(page.limit)}`;
  return page.offset > 0 ? `${limit} offset $${values.push(page.offset)}` : limit;
}

/** Declares a view. */
export function view<C extends Columns>(definition: ViewDefinition<C>): View<C> {
  return new View(definition);
}
