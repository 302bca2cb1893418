import type { Condition } from '../../domain/filter.ts';
import type { Call } from './operation.ts';

/** Returns the condition that a field is one of these ids. */
export function among(field: string, values: readonly number[]): Condition {
  return { field, test: 'anyOf', values, orNull: false };
}

/** Returns the condition that a field is true where the query sets a flag (`active_only`), none where it does not. */
export function whenAsked({ query }: Call<unknown>, flag: string, field: string): Condition[] {
  return query.flag(flag) ? [{ field, test: 'isTrue', value: true }] : [];
}
