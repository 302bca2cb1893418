import { applyRetention } from '../commands/apply-retention.ts';
import type { CommandContext } from '../commands/context.ts';
import { mendFolders } from '../commands/mend-folders.ts';
import { indentationFaults, mendIndentation } from '../commands/mend-indentation.ts';
import { rebuildIndexes } from '../commands/rebuild-indexes.ts';
import { type DataToolName, recalculatedParts, type ToolOutcome } from '../domain/data-tools.ts';
import { recalculate } from '../rollups/recalculate.ts';
import { refreshPending } from '../rollups/refresh.ts';
import { countPendingRuns } from '../storage/changes.ts';
import { type IndentTree, releaseTree, requirementTree } from '../storage/indent-trees.ts';
import type { ClaimedJob, JobProgress } from '../storage/jobs.ts';
import { deleteUnusedTexts, projectsWithLongTexts } from '../storage/long-texts.ts';
import { findRetention } from '../storage/retention-settings.ts';

/** What a tool is given to work with. */
export interface ToolCall {
  context: Pick<CommandContext, 'db' | 'figures' | 'now'>;
  job: ClaimedJob;
  /** Aborted when the job is cancelled or this process ends. */
  signal: AbortSignal;
  progress: (progress: JobProgress) => Promise<void>;
}

/** The work of one tool. It may be done again from the start at any time: after a fault, or by another process. */
export type ToolWork = (call: ToolCall) => Promise<ToolOutcome>;

/** So many long texts are looked at in one statement. */
const TEXTS_PER_PORTION = 1_000;
/** So many faults are listed in the result of a check; the rest is only counted. */
const FAULTS_LISTED = 50;

const recalculation: ToolWork = async ({ context, job, signal, progress }) => {
  const parts = recalculatedParts(job.tool as DataToolName) ?? [];
  const { releaseId } = job.parameters;
  return recalculate(context.db, projectOf(job), {
    parts,
    ...(typeof releaseId === 'number' ? { releaseId } : {}),
    onProgress: progress,
    signal,
  });
};

/** Works off what was pending at the start; what keeps arriving meanwhile must not keep the job from ending. */
const pendingRefresh: ToolWork = async ({ context, job, signal, progress }) => {
  const projectId = projectOf(job);
  const total = await countPendingRuns(context.db, projectId);
  const { runs, rowsChanged } = await refreshPending(context.db, projectId, {
    signal,
    onRound: (done) => progress({ phase: 'pending results', done: Math.min(done.runs, total), total }),
  });
  return { rowsChanged, result: { runs } };
};

/** What is pending comes first: the runs that it names would have to stay. A project without the setting keeps all runs. */
const retention: ToolWork = async (call) => {
  const { context, job, signal, progress } = call;
  const projectId = projectOf(job);
  const keepDays = (await findRetention(context.db, projectId))?.keepDays ?? null;
  if (keepDays === null) return { rowsChanged: 0, result: { keepDays } };
  await pendingRefresh(call);
  const { runs, partitionsRewritten } = await applyRetention(context, projectId, {
    keepDays,
    signal,
    onProgress: (done, total) => progress({ phase: 'deleting old runs', done, total }),
  });
  return { rowsChanged: runs, result: { keepDays, runs, partitionsRewritten } };
};

const folderRepair: ToolWork = async ({ context, job }) => {
  const mended = await mendFolders(context, projectOf(job));
  return { rowsChanged: mended.folders + mended.testCases + mended.testSets, result: { ...mended } };
};

const indentationCheck =
  (tree: IndentTree): ToolWork =>
  async ({ context, job }) => {
    const faults = await indentationFaults(context, projectOf(job), tree);
    const listed = faults.slice(0, FAULTS_LISTED);
    return {
      rowsChanged: 0,
      result: { verdict: faults.length === 0 ? 'ok' : 'error', count: faults.length, faults: listed },
    };
  };

const indentationCorrection =
  (tree: IndentTree): ToolWork =>
  async ({ context, job }) => ({ rowsChanged: await mendIndentation(context, projectOf(job), tree) });

const indexRefresh: ToolWork = async ({ context, signal, progress }) => {
  const tables = await rebuildIndexes(context, {
    signal,
    onTable: (done, total) => progress({ phase: 'rebuilding indexes', done, total }),
  });
  return { rowsChanged: 0, result: { tables } };
};

const textDeletion: ToolWork = async ({ context, signal, progress }) => {
  const projectIds = await projectsWithLongTexts(context.db);
  let texts = 0;
  let characters = 0;
  for (const [done, projectId] of projectIds.entries()) {
    for (let after: string | null = ''; after !== null; ) {
      signal.throwIfAborted();
      const portion = await deleteUnusedTexts(context.db, projectId, { after, most: TEXTS_PER_PORTION });
      texts += portion.deleted;
      characters += portion.characters;
      after = portion.last;
    }
    await progress({ phase: 'unused texts', done: done + 1, total: projectIds.length });
  }
  return { rowsChanged: texts, result: { texts, characters } };
};

/** What each Data Tool does. */
export const toolWork: Readonly<Record<DataToolName, ToolWork>> = {
  'recalculate-all': recalculation,
  'recalculate-test-cases': recalculation,
  'recalculate-releases': recalculation,
  'recalculate-test-sets': recalculation,
  'recalculate-folders': recalculation,
  'recalculate-requirements': recalculation,
  'refresh-pending': pendingRefresh,
  'apply-retention': retention,
  'repair-folders': folderRepair,
  'check-requirement-indentation': indentationCheck(requirementTree),
  'correct-requirement-indentation': indentationCorrection(requirementTree),
  'check-release-indentation': indentationCheck(releaseTree),
  'correct-release-indentation': indentationCorrection(releaseTree),
  'refresh-indexes': indexRefresh,
  'delete-unused-texts': textDeletion,
};

function projectOf(job: ClaimedJob): number {
  if (job.projectId === null) throw new Error(`Job ${job.jobId}: ${job.tool} needs a project`);
  return job.projectId;
}
