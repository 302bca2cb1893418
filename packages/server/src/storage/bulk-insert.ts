import { binaryArray, type ElementType } from './binary-array.ts';
import type { Transaction } from './database.ts';

/** One column of a bulk insert: its name, its type, and where its value is found. */
export type BulkColumn<Item> = readonly [column: string, type: ElementType, value: (item: Item) => unknown];

/**
 * One prepared `insert ... select from unnest(...)` for any number of rows: one array a column. Rows are inserted in the
 * order given (a function scan keeps it, and nothing in the statement can change it), so identities ascend in it.
 */
export class BulkInsert<Item> {
  private readonly table: string;
  private readonly columns: readonly BulkColumn<Item>[];
  private readonly text: string;

  constructor(table: string, returning: string, columns: readonly BulkColumn<Item>[]) {
    this.table = table;
    this.columns = columns;
    const names = columns.map(([column]) => column);
    const arrays = columns.map(([, type], position) => `$${position + 2}::${type}[]`);
    this.text = `insert into ${table} (project_id, ${names.join(', ')})
      select $1::integer, ${names.map((name) => `n.${name}`).join(', ')}
        from unnest(${arrays.join(', ')}) as n (${names.join(', ')})
      returning ${returning} as id`;
  }

  /** Inserts the items, at least one, and returns their new ids in the same order. */
  async insert(transaction: Transaction, projectId: number, items: readonly Item[]): Promise<number[]> {
    const rows = await transaction.query<{ id: number }>({
      name: `bulk-insert-${this.table}`,
      text: this.text,
      values: [projectId, ...this.columns.map(([, type, value]) => binaryArray(type, items.map(value)))],
    });
    return rows.map((row) => row.id);
  }
}
