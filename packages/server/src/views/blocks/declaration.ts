import type { RunDimension } from '../../storage/run-dimensions.ts';

/**
 * What a view of completed runs says of itself so that long histories are read by blocks (storage/run-blocks.ts). Its
 * scope must be the completed, undeleted runs of undeleted cases, or those of one type; `$1` is the project.
 */
export interface BlockReading {
  /** Names what is prepared for the view. */
  name: string;
  /** The one type that the scope is limited to. */
  testRunTypeId?: number;
  /** Fields whose values are counted. They can be filtered and sorted by. */
  dimensions: Readonly<Record<string, RunDimension>>;
  /** Fields that follow from the value of a dimension, as SQL of that value. They can be sorted by. */
  derived: Readonly<Record<string, { dimension: RunDimension; sql: (value: string) => string }>>;
  /** Dates whose first and last are known of each block; no run is without. */
  zones: Readonly<Record<string, Zone>>;
  /** Sorts that an index serves for pages near the beginning, with the fields that may be limited to one value. */
  near: Readonly<Record<string, readonly string[]>>;
  /** Returns the FROM clause of the view for single runs: those of stretches of ids, given by two parameters. */
  fromStretches(firsts: string, lasts: string): string;
}

/** Named like the columns of run_block: first_end, last_end. */
export type Zone = 'start' | 'end' | 'stamp';
