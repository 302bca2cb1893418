/** What a list can be asked for, in domain names. Faces decode it, views turn it into SQL. */
export type Condition =
  | { field: string; test: 'anyOf'; values: readonly number[]; orNull: boolean }
  | { field: string; test: 'isNull' }
  | { field: string; test: 'contains'; text: string }
  /** Every word must occur in one of the fields. */
  | { fields: readonly string[]; test: 'words'; words: readonly string[] }
  | { field: string; test: 'isTrue'; value: boolean }
  /** Lists of ids with at least one id in common. */
  | { field: string; test: 'overlaps'; values: readonly number[]; orNull?: boolean }
  /** Both ends belong to the range; a missing end is open. */
  | { field: string; test: 'between'; from?: Date | number; to?: Date | number }
  /** From included, before excluded: whole days. */
  | { field: string; test: 'within'; from?: Date; before?: Date }
  /** On the value of the custom field with this number, in the list that the field holds. */
  | { field: string; test: 'custom'; number: number; is: CustomTest };

/** What is asked of a custom field. Its type is not known, so a text is compared as whatever it may mean. */
export type CustomTest =
  | { kind: 'missing' }
  | { kind: 'anyOf'; values: readonly number[]; orMissing: boolean }
  | { kind: 'text'; text: string; isYes?: boolean; range?: { from?: number; to?: number } }
  | { kind: 'dates'; range: { from?: Date; to?: Date; before?: Date } };

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
