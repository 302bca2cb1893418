/** The query string of a call; names match in any case, empty values and the word `null` mean not given. */
export class QueryParameters {
  private readonly values: ReadonlyMap<string, string>;

  constructor(entries: Iterable<readonly [string, string]>) {
    const values = new Map<string, string>();
    for (const [name, value] of entries) {
      const isGiven = value !== '' && value.toLowerCase() !== 'null';
      if (isGiven && !values.has(name.toLowerCase())) values.set(name.toLowerCase(), value);
    }
    this.values = values;
  }

  /** Returns the first given value among the names. */
  text(...names: string[]): string | undefined {
    for (const name of names) {
      const value = this.values.get(name.toLowerCase());
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Returns a whole number; undefined when missing or not one. */
  integer(...names: string[]): number | undefined {
    const value = Number(this.text(...names));
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** Returns an id of 1 or more; undefined when missing, not a number, or below 1. */
  id(...names: string[]): number | undefined {
    const value = this.integer(...names);
    return value !== undefined && value >= 1 ? Math.min(value, 2_147_483_647) : undefined;
  }

  /** Returns true for `true` and `1`, false for anything else given, undefined when missing. */
  flag(...names: string[]): boolean | undefined {
    const value = this.text(...names);
    return value === undefined ? undefined : /^(true|1)$/i.test(value);
  }

  /** Returns what is given, by name, without these names. */
  without(...names: string[]): [name: string, value: string][] {
    return [...this.values]
      .filter(([name]) => !names.includes(name))
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}
