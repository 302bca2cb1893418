/** How far a recalculation is. */
export interface Progress {
  /** What is being done: a word for people, stable enough to compare. */
  phase: string;
  done: number;
  total: number;
}
