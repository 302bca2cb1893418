/**
 * Measures several sides in turns, round by round, and returns what each side gave in each round. What the machine does
 * besides then strikes all sides alike; compare their medians. Every other round runs backwards, so that no side always
 * follows the same one.
 */
export async function inTurn<Name extends string, Result>(
  rounds: number,
  sides: Readonly<Record<Name, () => Promise<Result>>>,
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(sides) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as Result[]])) as Record<Name, Result[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) results[name].push(await sides[name]());
  }
  return results;
}
