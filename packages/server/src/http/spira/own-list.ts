import type { ListQuery } from '../../domain/filter.ts';
import type { QueryParameters } from '../../wire/spira/query.ts';

/** Returns the query of a list of one's own things: whole, unless paging was asked for. */
export function wholeUnlessPaged(query: QueryParameters, asked: ListQuery): ListQuery {
  const paging = query.text('starting_row', 'start_row', 'startRow', 'number_of_rows', 'number_rows', 'numberRows');
  return paging === undefined ? { ...asked, page: { offset: 0 } } : asked;
}
