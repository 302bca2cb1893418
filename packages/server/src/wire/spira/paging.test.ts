import { expect, test } from 'vitest';
import { integer, text } from './member.ts';
import { spiraObject } from './object.ts';
import { listQueryOf, pageOf } from './paging.ts';
import { QueryParameters } from './query.ts';

const RemoteThing = spiraObject(
  'RemoteThing',
  { description: 'A thing.' },
  { Name: text('Name.'), Count: integer('Count.').unsortable() },
);

const query = (queryString: string) => new QueryParameters(new URLSearchParams(queryString));

const pages: [queryString: string, offset: number, limit: number][] = [
  ['', 0, 500],
  ['starting_row=1&number_of_rows=100', 0, 100],
  ['start_row=11&number_rows=10', 10, 10],
  ['startRow=3&numberRows=2', 2, 2],
  ['STARTING_ROW=4', 3, 500],
  ['starting_row=0', 0, 500],
  ['starting_row=-5&number_of_rows=-1', 0, 500],
  ['number_of_rows=0', 0, 500],
  ['number_of_rows=2000', 0, 500],
  ['number_of_rows=many&starting_row=first', 0, 500],
  ['number_of_rows=1.5', 0, 500],
  ['starting_row=null&number_of_rows=', 0, 500],
  ['starting_row=99999999999999999999', 0, 500],
];

test.each(pages)('the page of ?%s begins at %i and has %i rows (rest-v7 7.1)', (queryString, offset, limit) => {
  expect(pageOf(query(queryString))).toEqual({ offset, limit });
});

const sorts: [queryString: string, sort: object | undefined][] = [
  ['sort_field=Name&sort_direction=DESC', { field: 'name', descending: true }],
  ['sort_field=name&sort_direction=desc', { field: 'name', descending: true }],
  ['sort_property=Name', { field: 'name', descending: false }],
  ['sort_field=Name&sort_direction=sideways', { field: 'name', descending: false }],
  ['sort_by=Name DESC', { field: 'name', descending: true }],
  ['sort_by=Name', { field: 'name', descending: false }],
  ['sort_field=LastUpdateDate&sort_direction=DESC', undefined],
  ['sort_field=Count', undefined],
  ['sort_direction=DESC', undefined],
  ['', undefined],
];

test.each(sorts)('the sort of ?%s is %j', (queryString, sort) => {
  expect(listQueryOf(query(queryString), RemoteThing).sort).toEqual(sort);
});
