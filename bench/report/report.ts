import type { Target } from './target.ts';

export type Verdict = 'met' | 'missed';

/** One figure beside its target. */
export interface Figure {
  /** Under what circumstances. */
  where: string;
  figure: string;
  measured: number;
  unit: string;
  target?: string;
  verdict?: Verdict;
}

/** What is said of a figure besides its name and number. */
export interface FigureKind {
  /** `ms`, `runs/s`, ...; a ratio or a count has none. */
  unit?: string;
  /** Without one, the figure is for orientation. */
  target?: Target | undefined;
  /** What was counted, each in its own words; told if the target is missed. */
  texts?: readonly string[];
}

/** Adds one figure with its verdict. */
export type AddFigure = (figure: string, measured: number, kind?: FigureKind) => void;

/** So many different texts of one figure are told; what fails a thousand times seldom fails in more ways. */
const TEXTS_TOLD = 5;

/** Collects the figures of one suite and tells how far it is. */
export class Report {
  readonly figures: Figure[] = [];
  readonly notes: string[] = [];
  private readonly postgresVersions = new Set<string>();
  private readonly suite: string;
  private readonly isShort: boolean;
  /** Something that may never happen did happen. */
  isBroken = false;

  constructor(suite: string, { isShort }: { isShort: boolean }) {
    this.suite = suite;
    this.isShort = isShort;
  }

  /** Tells whoever waits what is going on. */
  progress(text: string): void {
    console.log(`${this.suite}: ${text}`);
  }

  /** Returns what adds figures that were measured under these circumstances: `embedded, 8 connections`. */
  under(where: string): AddFigure {
    return (figure, measured, { unit = '', target, texts = [] } = {}) => {
      const row = { where, figure, measured: rounded(measured), unit };
      const isJudged = target && (target.isAboutCorrectness || !this.isShort);
      const verdict = isJudged ? verdictOf(target, measured) : undefined;
      if (target?.isAboutCorrectness && verdict === 'missed') this.isBroken = true;
      this.figures.push({ ...row, ...(target ? { target: target.text } : {}), ...(verdict ? { verdict } : {}) });
      if (verdict !== 'missed') return;
      for (const text of numbered(texts).slice(0, TEXTS_TOLD)) this.note(`${where}, ${figure}: ${text}`);
    };
  }

  /** Adds a sentence that a reader needs to understand the figures. */
  note(text: string): void {
    this.notes.push(text);
    this.progress(text);
  }

  /** Says which PostgreSQL was measured, in its own words. */
  usesPostgres(version: string): void {
    this.postgresVersions.add(version);
  }

  get postgres(): string[] {
    return [...this.postgresVersions];
  }
}

/** Returns each different text with how often it is there, the most frequent first. */
function numbered(texts: readonly string[]): string[] {
  const equal = [...Map.groupBy(texts, (text) => text).values()].toSorted((a, b) => b.length - a.length);
  return equal.map(({ length, [0]: text }) => `${length} × ${text}`);
}

/** NaN, the figure of nothing measured, meets no target. */
function verdictOf(target: Target, measured: number): Verdict {
  return target.isMetBy(measured) ? 'met' : 'missed';
}

/** Returns the number with three significant digits, whole from a hundred on: more than that no run repeats. */
function rounded(measured: number): number {
  return Math.abs(measured) >= 100 ? Math.round(measured) : Number(measured.toPrecision(3));
}
