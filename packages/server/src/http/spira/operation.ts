import type { Actor, ProjectAccess } from '../../domain/actor.ts';
import type { Issue } from '../../domain/errors.ts';
import type { Condition, ListQuery } from '../../domain/filter.ts';
import type { Requirement } from '../../domain/permissions.ts';
import type { Decoded, SpiraObject } from '../../wire/spira/object.ts';
import type { QueryParameters } from '../../wire/spira/query.ts';
import type { Services } from '../services.ts';
import type { Once } from './once.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object of any members.
export type AnyObject = SpiraObject<any>;

/** What an operation reads as its body, and how. */
export type BodyShape =
  | { kind: 'none' }
  /** One object; `create` checks the required members. A list of exactly one is taken as its item. */
  | { kind: 'one'; object: AnyObject; intent: 'create' | 'update' }
  /** A list of objects; a bare object is taken as a list of one. Items that are wrong come with issues, not values. */
  | { kind: 'list'; object: AnyObject; intent: 'create' | 'update'; mayBeEmpty?: true; mayComeInPortions?: true }
  /** A list of ids. */
  | { kind: 'ids' }
  /** A filter list of the object's members; an empty body, "", null and [] mean no filter. */
  | { kind: 'filters'; object: AnyObject }
  /**
   * An object is one to create; a list, or nothing, is a filter list: create and search on one path. Only the kind is
   * known at first, since the role is asked for it before anything is told of the members.
   */
  | { kind: 'oneOrFilters'; object: AnyObject }
  /** Whatever JSON was sent. */
  | { kind: 'any' };

export const noBody = { kind: 'none' } as const;
export const anyBody = { kind: 'any' } as const;
export const idList = { kind: 'ids' } as const;
export const toCreate = <O extends AnyObject>(object: O) => ({ kind: 'one', object, intent: 'create' }) as const;
export const toUpdate = <O extends AnyObject>(object: O) => ({ kind: 'one', object, intent: 'update' }) as const;
export const listToCreate = <O extends AnyObject>(object: O) => ({ kind: 'list', object, intent: 'create' }) as const;
export const toCreateOrFilters = <O extends AnyObject>(object: O) => ({ kind: 'oneOrFilters', object }) as const;
/** The same, where nothing at all, "" and null are an empty list. */
export const optionalListToCreate = <O extends AnyObject>(object: O) =>
  ({ kind: 'list', object, intent: 'create', mayBeEmpty: true }) as const;
/** The same, where a very large list comes in portions, of which only one is in memory at a time. */
export const listToCreateInPortions = <O extends AnyObject>(object: O) =>
  ({ kind: 'list', object, intent: 'create', mayComeInPortions: true }) as const;
export const filtersOf = <O extends AnyObject>(object: O) => ({ kind: 'filters', object }) as const;

/** A decoded list: what could be decoded, by position, and what is wrong with the rest. */
export interface DecodedList<Item> {
  items: (Item | undefined)[];
  issues: Issue[];
  /** The sender wrote one bare object instead of a list. */
  wasSingle: boolean;
  /** Of a very large list: the items, and what is wrong with them, in portions; it may be gone through repeatedly. */
  portions?: DecodedPortions<Item>;
}

export interface DecodedPortions<Item> extends Iterable<DecodedPortion<Item>> {
  /** The items that take at least so many bytes, one by one; undefined where something is wrong with one. */
  itemsFrom(bytes: number): Iterable<Item | undefined>;
}

/** A part of a decoded list. */
export interface DecodedPortion<Item> {
  /** Position of the first of these items in the list; issues name positions in the list. */
  from: number;
  items: (Item | undefined)[];
  issues: Issue[];
}

export type BodyOf<B> = B extends { kind: 'none' }
  ? undefined
  : B extends { kind: 'one'; object: infer O }
    ? Decoded<O>
    : B extends { kind: 'list'; object: infer O }
      ? DecodedList<Decoded<O>>
      : B extends { kind: 'ids' }
        ? number[]
        : B extends { kind: 'filters' }
          ? Condition[]
          : B extends { kind: 'oneOrFilters'; object: infer O }
            ? { readToCreate(): Decoded<O> } | { readFilters(): Condition[] }
            : unknown;

/** What an operation answers with. */
export type ResultShape =
  | { kind: 'one'; object: AnyObject }
  | { kind: 'list'; object: AnyObject }
  /** What the handler returns decides: a list of rows, or one row. */
  | { kind: 'oneOrList'; object: AnyObject }
  /** A bare JSON value. */
  | { kind: 'scalar'; type: 'int' | 'string' | 'boolean' }
  /** 200 without content. */
  | { kind: 'empty' };

export const one = <O extends AnyObject>(object: O) => ({ kind: 'one', object }) as const;
export const list = <O extends AnyObject>(object: O) => ({ kind: 'list', object }) as const;
export const oneOrList = <O extends AnyObject>(object: O) => ({ kind: 'oneOrList', object }) as const;
export const scalar = (type: 'int' | 'string' | 'boolean') => ({ kind: 'scalar', type }) as const;
export const empty = { kind: 'empty' } as const;

/** What a handler is given. By the time it runs, the caller is known and allowed, and the body is decoded. */
export interface Call<Body> {
  services: Services;
  actor: Actor;
  /** The project of the path. Operations without one must not read it. */
  project: ProjectAccess;
  path: PathParameters;
  query: QueryParameters;
  body: Body;
  /** The address below which `/Services` lies, as the client sees it, without a slash at the end. */
  baseUrl: string;
  /** Paging, sorting and, where the body is a filter list, conditions for a list of this object. */
  listQuery(object: AnyObject, conditions?: readonly Condition[]): ListQuery;
}

export interface PathParameters {
  /** Returns the id in the path; anything that is no id of 1 or more is a thing that does not exist (404). */
  id(name: string, what: string): number;
  /** Returns the id in the path, undefined for the word `null` and for ids of 0 and below (folders: the root). */
  optionalId(name: string): number | undefined;
  text(name: string): string;
}

export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below RestService.svc, as the reference writes it: `projects/{project_id}/test-runs/record`. */
  path: string;
  /** One sentence for the reference page. */
  summary: string;
  /** P1: needed by the two flows or by a recorder; P2: browsing and upkeep. */
  priority: 1 | 2;
  /**
   * Inside a project: what the role needs. Without a project: a valid login, a system administrator, or somebody who
   * may change the template (a system administrator, or a product administrator anywhere).
   * Checked before the body is read, and before anything inside the project is looked up.
   */
  needs: Requirement | { login: true } | { systemAdmin: true } | { templateAdmin: true };
  body: BodyShape;
  returns: ResultShape;
  /**
   * Takes an Idempotency-Key: a repeat within 24 hours gets the first answer. `handle` must then do everything by the
   * services of its call.
   */
  once?: Once;
  /** Stores, ahead of the transaction of `handle`, what may be stored without it. Called once, whatever follows. */
  // biome-ignore lint/suspicious/noExplicitAny: as below.
  prepare?(call: Call<any>): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: the body's type is known where the operation is declared.
  handle(call: Call<any>): Promise<unknown>;
}

/**
 * Declares one operation of the Spira face. The route, the 405 of its path, the permission check, decoding, encoding
 * (JSON or XML) and the reference page are derived from it. `handle` returns the row, rows or value to encode.
 */
export function operation<B extends BodyShape, R extends ResultShape>(
  declared: Omit<Operation, 'body' | 'returns' | 'prepare' | 'handle'> & {
    body: B;
    returns: R;
    prepare?(call: Call<BodyOf<B>>): Promise<void>;
    handle(call: Call<BodyOf<B>>): Promise<unknown>;
  },
): Operation {
  return declared;
}

/** May view / create / ... inside the project: `can('testRun:create')`. */
export const can = (...anyOf: Extract<Requirement, { anyOf: unknown }>['anyOf'][number][]): Requirement => ({ anyOf });
export const projectAdmin: Requirement = { projectAdmin: true };
export const anyMember: Requirement = { member: true };
export const anyLogin = { login: true } as const;
export const systemAdmin = { systemAdmin: true } as const;
export const templateAdmin = { templateAdmin: true } as const;
