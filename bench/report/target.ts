/** What a figure is held against. */
export interface Target {
  /** As it stands in the report: `>= 0.70`. */
  text: string;
  isMetBy(measured: number): boolean;
  /** Must hold however little was measured: counts of what may never happen. Speeds are judged in full runs only. */
  isAboutCorrectness: boolean;
}

/** At least so much. */
export function atLeast(least: number): Target {
  return { text: `>= ${least}`, isMetBy: (measured) => measured >= least, isAboutCorrectness: false };
}

/** At most so much. */
export function atMost(most: number): Target {
  return { text: `<= ${most}`, isMetBy: (measured) => measured <= most, isAboutCorrectness: false };
}

/** Exactly so many, also in a short run: errors, lost runs, differences. */
export function exactly(count: number): Target {
  return { text: `= ${count}`, isMetBy: (measured) => measured === count, isAboutCorrectness: true };
}
