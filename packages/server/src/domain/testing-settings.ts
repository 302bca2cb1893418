/** The settings of a project that decide what recording a run does (semantics 5.9). */
export interface TestingSettings {
  /** DU-4: runs are stored with an actual duration of 0. */
  disableActualDuration: boolean;
  /** TC-4: a manual run that ends Passed takes the owner off its test case. */
  passingUnassignsCase: boolean;
  /** Completing a set whose rows all passed takes the owner off it (semantics 3.4). */
  completingUnassignsSet: boolean;
}

const defaults: TestingSettings = {
  disableActualDuration: false,
  passingUnassignsCase: true,
  completingUnassignsSet: true,
};

/** Returns the settings out of what is stored for a project; what is missing there has its default. */
export function testingSettings(stored: unknown): TestingSettings {
  const given = (stored && typeof stored === 'object' ? stored : {}) as Record<string, unknown>;
  const setting = (name: keyof TestingSettings) => {
    const value = given[name];
    return typeof value === 'boolean' ? value : defaults[name];
  };
  return {
    disableActualDuration: setting('disableActualDuration'),
    passingUnassignsCase: setting('passingUnassignsCase'),
    completingUnassignsSet: setting('completingUnassignsSet'),
  };
}
