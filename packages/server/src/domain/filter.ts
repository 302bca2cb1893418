import type { ValueMember } from './custom-property.ts';

/** What can be asked of one value. */
export type ValueTest =
  | { test: 'anyOf'; values: readonly number[]; orNull: boolean }
  | { test: 'isNull' }
  | { test: 'contains'; text: string }
  | { test: 'isTrue'; value: boolean }
  /** Lists of ids with at least one id in common. */
  | { test: 'overlaps'; values: readonly number[]; orNull?: boolean }
  /** Both ends belong to the range; a missing end is open. */
  | { test: 'between'; from?: Date | number; to?: Date | number }
  /** From included, before excluded: whole days. */
  | { test: 'within'; from?: Date; before?: Date };

/** What a list can be asked for, in domain names. Faces decode it, views turn it into SQL. */
export type Condition =
  | ({ field: string } & ValueTest)
  /** Every word must occur in one of the fields. */
  | { fields: readonly string[]; test: 'words'; words: readonly string[] }
  | CustomCondition;

/** On the value of a custom property, in the list that the field holds; without a value it is null. */
export interface CustomCondition {
  field: string;
  test: 'custom';
  customPropertyId: number;
  member: ValueMember;
  is: ValueTest;
}

export interface Sort {
  field: string;
  descending: boolean;
}

/** A slice of a list. `offset` counts from 0; without `limit` everything is meant. */
export interface Page {
  offset: number;
  limit?: number;
}

export interface ListQuery {
  where?: readonly Condition[];
  sort?: Sort | undefined;
  page?: Page;
}
