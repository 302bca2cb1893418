/** A test case as its runs take it over. */
export interface ReferencedCase {
  isDeleted: boolean;
  name: string;
  guid: string;
  estimatedDuration: number | null;
  automationEngineId: number | null;
  automationAttachmentId: number | null;
}

/** A row of a test set, with what its runs take over. */
export interface ReferencedRow {
  testSetTestCaseId: number;
  testSetId: number;
  testSetGuid: string;
  testCaseId: number;
}

/** Of what the runs of bulk calls name one by one: what is there, by id. A set or row that was deleted is not. */
export interface NamedByRuns {
  testCases: ReadonlyMap<number, ReferencedCase>;
  testSets: ReadonlyMap<number, { guid: string }>;
  rows: ReadonlyMap<number, ReferencedRow>;
  testSteps: ReadonlyMap<number, { testCaseId: number }>;
}

/** What was read of one project, all of it at one version of its references. */
export class ProjectReferences implements NamedByRuns {
  /** Undefined where there was no such project, and so nothing of it. */
  readonly version: string | undefined;
  readonly testCases = new Map<number, ReferencedCase>();
  readonly testSets = new Map<number, { guid: string }>();
  readonly rows = new Map<number, ReferencedRow>();
  readonly testSteps = new Map<number, { testCaseId: number }>();

  constructor(version: string | undefined) {
    this.version = version;
  }

  get size(): number {
    return this.testCases.size + this.testSets.size + this.rows.size + this.testSteps.size;
  }

  add(found: NamedByRuns): void {
    for (const [id, testCase] of found.testCases) this.testCases.set(id, testCase);
    for (const [id, testSet] of found.testSets) this.testSets.set(id, testSet);
    for (const [id, row] of found.rows) this.rows.set(id, row);
    for (const [id, testStep] of found.testSteps) this.testSteps.set(id, testStep);
  }
}

/** Things kept of all projects together: some 10 MB of them. */
const MOST_KNOWN = 50_000;

/**
 * What this process has read of the things that runs refer to. Bulk calls name the same hundreds of cases again and again,
 * and reading them was a tenth of such a call. It may be used for as long as the project's version of its references is
 * the one it was read at; triggers change that version with whatever is kept here (migration 10).
 */
export class KnownReferences {
  /** By project; the one that was asked for longest ago comes first. */
  private readonly projects = new Map<number, ProjectReferences>();
  private readonly most: number;

  constructor(most = MOST_KNOWN) {
    this.most = most;
  }

  /** How many things are kept. */
  get size(): number {
    return this.projects.values().reduce((sum, { size }) => sum + size, 0);
  }

  /** Returns what is known of a project, undefined when nothing is. */
  of(projectId: number): ProjectReferences | undefined {
    return this.projects.get(projectId);
  }

  /** Keeps this of a project, if there is one, and lets go of others where that makes too many. */
  keep(projectId: number, known: ProjectReferences): void {
    this.projects.delete(projectId);
    if (known.version === undefined) return;
    this.projects.set(projectId, known);
    for (const eldest of this.projects.keys()) {
      if (this.size <= this.most) return;
      this.projects.delete(eldest);
    }
  }
}
