import { refuse } from '../../domain/errors.ts';
import type { DecodedList } from './operation.ts';

/** Returns the items of a list that was sent; refuses the whole list when one of them is wrong. */
export function itemsOf<Item>({ items, issues }: DecodedList<Item>): Item[] {
  refuse(issues);
  return items.filter((item) => item !== undefined);
}
