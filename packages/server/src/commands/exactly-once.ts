import { DomainError } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import {
  claimKey,
  deleteExpiredKey,
  type FirstAnswer,
  findFirstAnswer,
  type KeyScope,
  keepAnswer,
  type Refresh,
} from '../storage/idempotency-keys.ts';
import { joinedDatabase } from '../storage/joined-database.ts';
import { packAnswer, type Seal, unpackAnswer } from '../storage/packed-answer.ts';
import type { JobContext, JobSignals } from './job-signals.ts';

/** A request that carries an Idempotency-Key. */
export interface OnceRequest extends KeyScope {
  /** Of everything that makes the request what it is: 32 bytes. */
  fingerprint: Buffer;
  /** Given where the answer holds a secret: the API key that the request came with. */
  apiKey?: string | undefined;
  /**
   * Refuses a caller who may not see what is answered from this project. Asked before a repeat is answered, where the
   * permissions that hold for the path do not say it.
   */
  admit?: ((projectId: number) => Promise<unknown>) | undefined;
  /** How long a repeat waits for the first request before it is told to come again. */
  longestWaitMs?: number;
}

/** What is kept of an answer: enough to give it again in any format. */
export interface KeptAnswer {
  status: number;
  /** JSON; empty for an answer without content. */
  text: string;
  /** The same where it was compressed (zstd) as it was written, since it is too long to be held as text. */
  packed?: Buffer;
}

/** With what a call may wait for connections and figures, less than the 15 s after which clients give up. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Does work exactly once (draft-ietf-httpapi-idempotency-key-header, 2.6) and returns its answer; a repeat gets the
 * answer of the first. Everything that `work` does with the context it is given is one transaction with the key and
 * the answer: a crash leaves all or nothing, a failure frees the key. A twin of the same moment waits for the first and
 * then gets its answer; where that takes too long it is `unavailable` (the draft's 409 for this case would look like the
 * next). The same key for another request is `keyReused`. What follows a commit (the refresh of figures, wake-ups)
 * follows for a repeat as for the first, so either is answered when its figures are exact.
 */
export async function exactlyOnce(
  context: JobContext,
  request: OnceRequest,
  work: (inside: JobContext) => Promise<KeptAnswer>,
): Promise<KeptAnswer & { isRepeat: boolean }> {
  const done = await context.db.transaction(async (transaction) => {
    // The whole may be done again from its start; what the try before wanted to happen after its commit is then void.
    const after = new AfterCommit(context);
    const first = await claimOrFind(transaction, request);
    if (first) return { first };
    const answer = await work(after.inside(transaction));
    const packed = answer.packed ?? (await packAnswer(answer.text, sealOf(request)));
    const { refreshes } = after;
    await keepAnswer(transaction, request, { status: answer.status, refreshes, answer: packed });
    return { answer, after };
  });
  if (!done.first) {
    await done.after.run();
    return { ...done.answer, isRepeat: false };
  }
  const { status, refreshes, answer } = done.first;
  for (const { projectId } of refreshes) await request.admit?.(projectId);
  await refreshed(context, refreshes);
  return { status, text: await textOf(answer, request), isRepeat: true };
}

/** Takes the key, or returns what was answered under it to the same request. */
async function claimOrFind(transaction: Transaction, request: OnceRequest): Promise<FirstAnswer | undefined> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await claimed(transaction, request)) return undefined;
    const first = await findFirstAnswer(transaction, request);
    // Gone since: the nightly round has deleted it.
    if (!first) continue;
    if (!first.isExpired) return sameRequest(first, request);
    await deleteExpiredKey(transaction, request);
  }
  throw new DomainError('unavailable', 'The Idempotency-Key is being used by others just now; please try again');
}

async function claimed(transaction: Transaction, request: OnceRequest): Promise<boolean> {
  const { fingerprint, longestWaitMs: waitMs = LONGEST_WAIT_MS } = request;
  try {
    return await claimKey(transaction, request, { fingerprint, waitMs });
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new DomainError(
      'unavailable',
      'The first request with this Idempotency-Key is still being worked on; send it again later to get its answer',
    );
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

function sameRequest(first: FirstAnswer, { fingerprint }: OnceRequest): FirstAnswer {
  if (first.fingerprint.equals(fingerprint)) return first;
  throw new DomainError(
    'keyReused',
    'This Idempotency-Key was used for another request (another operation, query or body) within the last 24 hours; use a new key for a new request',
  );
}

async function textOf(answer: Buffer, request: OnceRequest): Promise<string> {
  const text = await unpackAnswer(answer, sealOf(request));
  if (text !== undefined) return text;
  throw new DomainError(
    'keyReused',
    'The answer to this Idempotency-Key holds a secret: repeat the request with the API key that it was first sent with',
  );
}

const sealOf = ({ apiKey, fingerprint }: OnceRequest): Seal | undefined =>
  apiKey === undefined ? undefined : { apiKey, salt: fingerprint };

async function refreshed({ figures }: JobContext, refreshes: readonly Refresh[]): Promise<void> {
  for (const { projectId, changed } of refreshes) await figures.afterCommit(projectId, changed);
}

/** Keeps what commands do after their commit until the transaction that they are parts of has committed. */
class AfterCommit {
  readonly refreshes: Refresh[] = [];
  private readonly context: JobContext;
  private readonly signals = new Set<() => void>();
  private readonly cancelled: number[] = [];

  constructor(context: JobContext) {
    this.context = context;
  }

  /** Returns the context of work inside the transaction. */
  inside(transaction: Transaction): JobContext {
    const { db, now, refreshSettings } = this.context;
    return {
      db: joinedDatabase(db, transaction),
      now,
      figures: {
        afterCommit: async (projectId, changed) => {
          this.refreshes.push({ projectId, changed });
        },
      },
      jobs: this.jobs(),
      refreshSettings: refreshSettings.within(transaction, () => this.signals.add(this.forget)),
    };
  }

  async run(): Promise<void> {
    for (const signal of this.signals) signal();
    for (const jobId of this.cancelled) this.context.jobs.cancelRequested(jobId);
    await refreshed(this.context, this.refreshes);
  }

  private jobs(): JobSignals {
    const { jobs } = this.context;
    return {
      queued: () => this.signals.add(this.queued),
      cancelRequested: (jobId) => this.cancelled.push(jobId),
      ended: () => Promise.reject(new Error('A job cannot end while the transaction that queued it is open')),
      nextNightlyRound: (settings, now) => jobs.nextNightlyRound(settings, now),
    };
  }

  private readonly forget = () => this.context.refreshSettings.forget();
  private readonly queued = () => this.context.jobs.queued();
}
