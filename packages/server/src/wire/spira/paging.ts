import type { ListQuery, Page, Sort } from '../../domain/filter.ts';
import type { QueryParameters } from './query.ts';

/** The most rows one call returns, and what a call without a size gets (rest-v7 7.1). */
export const LARGEST_PAGE = 500;

/** What sorting needs to know of an object. */
export interface Sortable {
  sortFieldOf(wireName: string): string | undefined;
}

/** Returns the slice that the query string asks for; rows count from 1 on the wire, odd numbers mean the default. */
export function pageOf(query: QueryParameters): Page {
  const firstRow = query.integer('starting_row', 'start_row', 'startRow') ?? 1;
  const rows = query.integer('number_of_rows', 'number_rows', 'numberRows') ?? LARGEST_PAGE;
  return { offset: Math.max(firstRow, 1) - 1, limit: rows < 1 ? LARGEST_PAGE : Math.min(rows, LARGEST_PAGE) };
}

/** Returns the sort asked for, undefined (the list's own order) when the field is unknown or cannot be sorted by. */
export function sortOf(query: QueryParameters, object: Sortable): Sort | undefined {
  const [byField = '', byDirection] = (query.text('sort_by') ?? '').trim().split(/\s+/);
  const name = query.text('sort_field', 'sort_property') ?? byField;
  const direction = query.text('sort_direction') ?? byDirection;
  const field = name === '' ? undefined : object.sortFieldOf(name);
  return field === undefined ? undefined : { field, descending: direction?.trim().toUpperCase() === 'DESC' };
}

/** Returns paging and sorting of a list of this object. */
export function listQueryOf(query: QueryParameters, object: Sortable): ListQuery {
  const sort = sortOf(query, object);
  return { page: pageOf(query), ...(sort ? { sort } : {}) };
}
