import type { Condition, ListQuery } from '../../domain/filter.ts';
import type { ReadSide } from '../../views/view.ts';
import { LARGEST_PAGE } from '../../wire/spira/paging.ts';
import type { QueryParameters } from '../../wire/spira/query.ts';
import {
  type AnyObject,
  anyLogin,
  type Call,
  filtersOf,
  list,
  noBody,
  type Operation,
  operation,
  scalar,
} from './operation.ts';

/** A view, or what does the same with it, as far as lists go. */
export interface Listable {
  list(db: ReadSide, parameters: unknown[], query?: ListQuery): Promise<object[]>;
  count(db: ReadSide, parameters: unknown[], where?: readonly Condition[]): Promise<number>;
}

/** What a call lists and counts: a view, its parameters, and conditions that hold whatever the filters are. */
export interface Source {
  view: Listable;
  parameters: unknown[];
  where?: readonly Condition[];
}

/** What the lists and counts of one kind of thing have in common. */
export interface Listing {
  object: AnyObject;
  /** The object whose members can be filtered and sorted by, where it is not `object`. */
  filters?: AnyObject;
  needs: Operation['needs'];
  /** Throws what the call deserves when its path or query names something that there is not. */
  source(call: Call<unknown>): Source | Promise<Source>;
  /** Returns what the filters that were sent mean, where that is not what they say. */
  meaning?(filters: readonly Condition[]): readonly Condition[];
}

type Declared = Pick<Operation, 'path' | 'summary' | 'priority'> & {
  /** More conditions, of this operation alone. */
  where?(call: Call<unknown>): readonly Condition[];
};
/** Which of the rows come: the page and the order asked for; the first page in the view's own order; all in that order. */
type Slice = 'asked' | 'firstPage' | 'whole';

/**
 * Returns what declares the four operations on the lists of a thing, as the reference has them: all rows, the rows that
 * meet the filters of a body, and the numbers of both.
 */
export function listing(of: Listing) {
  const filters = of.filters ?? of.object;
  const withFilters = filtersOf(filters);
  const meaning = (sent: readonly Condition[]) => of.meaning?.(sent) ?? sent;

  async function conditions(call: Call<unknown>, declared: Declared, sent: readonly Condition[]) {
    const { view, parameters, where = [] } = await of.source(call);
    return { view, parameters, where: [...where, ...sent, ...(declared.where?.(call) ?? [])] };
  }
  async function rows(call: Call<unknown>, declared: Declared & { slice?: Slice }, sent: readonly Condition[] = []) {
    const { view, parameters, where } = await conditions(call, declared, sent);
    const query = sliced(declared.slice ?? 'asked', () => call.listQuery(filters, where), where);
    return view.list(call.services.read, parameters, query);
  }
  async function count(call: Call<unknown>, declared: Declared, sent: readonly Condition[] = []) {
    const { view, parameters, where } = await conditions(call, declared, sent);
    return view.count(call.services.read, parameters, where);
  }

  const reads = (method: 'GET' | 'POST', { path, summary, priority }: Declared) =>
    ({ method, path, summary, priority, needs: of.needs }) as const;
  return {
    /** GET: all rows. */
    list: (declared: Declared & { slice?: Slice }) =>
      operation({
        ...reads('GET', declared),
        body: noBody,
        returns: list(of.object),
        handle: (call) => rows(call, declared),
      }),
    /** POST: the rows that meet the filters of the body. */
    search: (declared: Declared) =>
      operation({
        ...reads('POST', declared),
        body: withFilters,
        returns: list(of.object),
        handle: (call) => rows(call, declared, meaning(call.body)),
      }),
    /** GET: the number of rows. */
    count: (declared: Declared) =>
      operation({
        ...reads('GET', declared),
        body: noBody,
        returns: scalar('int'),
        handle: (call) => count(call, declared),
      }),
    /** POST: the number of rows that meet the filters of the body. */
    countFound: (declared: Declared) =>
      operation({
        ...reads('POST', declared),
        body: withFilters,
        returns: scalar('int'),
        handle: (call) => count(call, declared, meaning(call.body)),
      }),
  };
}

function sliced(slice: Slice, asked: () => ListQuery, where: readonly Condition[]): ListQuery {
  if (slice === 'asked') return asked();
  return slice === 'whole' ? { where } : { where, page: { offset: 0, limit: LARGEST_PAGE } };
}

/** Declares a list of the caller's own things in all his products; `view` takes the user's id. Whole, unless paged. */
export function ownList({
  object,
  view,
  ...declared
}: Omit<Declared, 'where'> & { object: AnyObject; view: Pick<Listable, 'list'> }): Operation {
  return operation({
    ...declared,
    method: 'GET',
    needs: anyLogin,
    body: noBody,
    returns: list(object),
    handle: ({ services, actor, query, listQuery }) =>
      view.list(services.read, [actor.userId], wholeUnlessPaged(query, listQuery(object))),
  });
}

/** Returns the query of a list of one's own things: whole, unless paging was asked for. */
function wholeUnlessPaged(query: QueryParameters, asked: ListQuery): ListQuery {
  const paging = query.text('starting_row', 'start_row', 'startRow', 'number_of_rows', 'number_rows', 'numberRows');
  return paging === undefined ? { ...asked, page: { offset: 0 } } : asked;
}
