/** A step as a test case holds it. A linking step stands for the steps of another case. */
export interface CaseStep {
  testStepId: number;
  testCaseId: number;
  linkedTestCaseId: number | null;
  description: string;
  expectedResult: string | null;
  sampleData: string | null;
}

/** The steps, links and parameters of all cases that a call may need. Names of parameters are in lower case. */
export interface StepLibrary {
  /** In their order; none for a case that is deleted. */
  steps: ReadonlyMap<number, readonly CaseStep[]>;
  /** What a linking step passes to the case it links to, by step. */
  passedValues: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** Default values of the parameters that a case declares, by case. */
  defaults: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

/** A value given from outside to a parameter, with the case that declares the parameter. */
export interface GivenValue {
  testCaseId: number;
  testCaseParameterId: number;
  name: string;
  value: string;
}

/** A step of a run that is about to be executed: every value filled in. */
export type ExpandedStep = Omit<CaseStep, 'linkedTestCaseId'>;

/** Links may double at every level; a case that becomes longer than this is one that nobody executes by hand. */
export const MOST_STEPS = 10_000;
const DEEPEST_LINK = 100;
/** The same holds for values that are made of values; beyond this many characters tokens stay as they are. */
const MOST_FILLED_CHARACTERS = 20_000_000;

/** A case on the way from the run's case to a step, with the values that the link to it passed. */
interface Frame {
  testCaseId: number;
  passed: ReadonlyMap<string, string> | undefined;
  parent: Frame | undefined;
  depth: number;
}

/** Where values come from, and how much may still be filled in. */
interface Values {
  library: StepLibrary;
  given: readonly (readonly GivenValue[])[];
  charactersLeft: number;
}

/**
 * Returns the steps of a case as they are executed: linked cases expanded in place (SP-2), tokens replaced (SP-5, where
 * `given` are the values from outside, the strongest source first). Cycles and deleted cases contribute nothing (SP-3).
 * Undefined when there would be more than `MOST_STEPS`,
 * or links without end.
 */
export function expandedSteps(
  testCaseId: number,
  library: StepLibrary,
  given: readonly (readonly GivenValue[])[],
): ExpandedStep[] | undefined {
  const expanded: ExpandedStep[] = [];
  const values = { library, given, charactersLeft: MOST_FILLED_CHARACTERS };
  let visits = 0;
  const walk = (frame: Frame): boolean => {
    for (const step of library.steps.get(frame.testCaseId) ?? []) {
      visits += 1;
      if (visits > MOST_STEPS || frame.depth > DEEPEST_LINK) return false;
      const { linkedTestCaseId, ...own } = step;
      if (linkedTestCaseId === null) {
        const filled = (text: string) => withValues(text, (name) => foundValue(name, frame, values));
        expanded.push({
          ...own,
          description: filled(own.description),
          expectedResult: own.expectedResult === null ? null : filled(own.expectedResult),
          sampleData: own.sampleData === null ? null : filled(own.sampleData),
        });
      } else if (!isWithin(frame, linkedTestCaseId)) {
        const passed = library.passedValues.get(step.testStepId);
        if (!walk({ testCaseId: linkedTestCaseId, passed, parent: frame, depth: frame.depth + 1 })) return false;
      }
    }
    return true;
  };
  return walk({ testCaseId, passed: undefined, parent: undefined, depth: 0 }) ? expanded : undefined;
}

/** Returns the values a run of this case is given for the parameters that the case declares itself. */
export function ownParameterValues(
  declared: readonly { testCaseParameterId: number; name: string; defaultValue: string | null }[],
  testCaseId: number,
  given: readonly (readonly GivenValue[])[],
): { testCaseParameterId: number; name: string; value: string | null }[] {
  const frame = { testCaseId, passed: undefined, parent: undefined, depth: 0 };
  return declared.map(({ testCaseParameterId, name, defaultValue }) => ({
    testCaseParameterId,
    name,
    value: givenValue(name.toLowerCase(), frame, given) ?? defaultValue,
  }));
}

function isWithin(frame: Frame, testCaseId: number): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent) if (at.testCaseId === testCaseId) return true;
  return false;
}

/** A token without a value stays as it is. */
function withValues(text: string, find: (name: string) => string | undefined): string {
  if (!text.includes('${')) return text;
  return text.replace(/\$\{([^{}]*)\}/g, (token, name: string) => find(name.trim().toLowerCase()) ?? token);
}

function foundValue(name: string, frame: Frame, values: Values): string | undefined {
  if (values.charactersLeft < 0) return undefined;
  const value = passedValue(name, frame, values) ?? givenValue(name, frame, values.given);
  const found = value ?? defaultValue(name, frame, values.library);
  values.charactersLeft -= (found?.length ?? 0) + 1;
  return found;
}

/** What the nearest linking step passes (SP-5). It may itself hold tokens: those of the case that holds the link. */
function passedValue(name: string, frame: Frame, values: Values): string | undefined {
  for (let at = frame; at.parent; at = at.parent) {
    const passed = at.passed?.get(name);
    const linking = at.parent;
    if (passed !== undefined) return withValues(passed, (inner) => foundValue(inner, linking, values));
  }
  return undefined;
}

/** The default of the case that declares it: the step's own case, else the nearest that links to it. */
function defaultValue(name: string, frame: Frame, library: StepLibrary): string | undefined {
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    const value = library.defaults.get(at.testCaseId)?.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Within one source a value for the step's own case counts before one for a case that links to it, then any other. */
function givenValue(name: string, frame: Frame, given: readonly (readonly GivenValue[])[]): string | undefined {
  for (const source of given) {
    const named = source.filter((value) => value.name.toLowerCase() === name);
    for (let at: Frame | undefined = frame; at; at = at.parent) {
      const own = named.find((value) => value.testCaseId === at?.testCaseId);
      if (own) return own.value;
    }
    if (named[0]) return named[0].value;
  }
  return undefined;
}
