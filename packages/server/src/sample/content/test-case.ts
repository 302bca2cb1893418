/** One step: what to do, what should happen, and with which data. */
export type StepText = readonly [action: string, expected: string, sampleData?: string];

/** A step that stands for all the steps of another test case, with values for its parameters. */
export interface LinkText {
  linksTo: string;
  values: Readonly<Record<string, string>>;
}

/** A test case of the sample product. `key` is how the other content files speak of it. */
export interface SampleCase {
  key: string;
  name: string;
  kind: keyof typeof kinds;
  priority: 1 | 2 | 3 | 4;
  /** Estimated duration. */
  minutes: number;
  /** The name that the nightly run reports it under; without one it is executed by people only. */
  script?: string;
  /** Parameters with their default values; steps refer to them as `${name}`. */
  parameters?: Readonly<Record<string, string>>;
  /** Not ready for test yet: a draft that nobody has run. */
  isDraft?: boolean;
  steps: readonly (StepText | LinkText)[];
}

/** A folder of test cases, which may hold other folders. */
export interface SampleFolder {
  name: string;
  description: string;
  /** What runs the scripts of this folder. */
  runner: 'Playwright' | 'pytest' | 'JUnit';
  cases: readonly SampleCase[];
  folders?: readonly SampleFolder[];
}

/** The test case types that the content speaks of (domain/tables.ts). */
export const kinds = {
  acceptance: 1,
  compatibility: 2,
  functional: 3,
  integration: 4,
  performance: 5,
  regression: 7,
  scenario: 8,
  security: 9,
  usability: 11,
} as const;
