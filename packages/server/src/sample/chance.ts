/**
 * Returns a number from 0 below 1 that depends on nothing but its arguments: the same for the same, spread evenly over
 * different ones. So every load makes the same history, and a case more or less does not change what the others do.
 */
export function chance(...about: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of about.join('/')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  // FNV-1a leaves neighbours close together in the upper bits; two rounds of mixing part them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Returns one item of a list that is not empty, by chance. */
export function chosen<Item>(list: readonly Item[], ...about: readonly (string | number)[]): Item {
  const item = list[Math.floor(chance(...about) * list.length)];
  if (item === undefined) throw new Error('There is nothing to choose from');
  return item;
}
