import { createAutomationHost } from '../commands/automation-hosts.ts';
import type { CommandContext } from '../commands/context.ts';
import { createProject } from '../commands/create-project.ts';
import { deleteProject } from '../commands/delete-project.ts';
import { type Actor, BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { refreshPending } from '../rollups/refresh.ts';
import { projectTables } from '../storage/project-tables.ts';
import { calendarOf } from './calendar.ts';
import { hurriedDatabase } from './hurried-database.ts';
import { makePeople } from './make-people.ts';
import { makeBuilds, makeReleases, mapPlannedCases } from './make-releases.ts';
import { makeRequirements } from './make-requirements.ts';
import { assignTestCases, makeTestCases } from './make-test-cases.ts';
import { makeTestSets } from './make-test-sets.ts';
import { raiseIncidents } from './raise-incidents.ts';
import { recordAutomatedHistory, saveManualHistory } from './record-history.ts';
import { type SampleClaim, withSampleClaim } from './sample-claim.ts';
import type { SampleMaking } from './sample-making.ts';

/** How the loading of the sample product ended. */
export type SampleOutcome =
  | { loaded: true; projectId: number; runs: number; durationMs: number }
  /** Nothing was changed; `reason` is a sentence for people. */
  | { loaded: false; reason: string };

export interface SampleOptions {
  /** The moment at which the history of the sample ends. */
  now: Date;
  /** Load it into a ledger that has products, too; they stay as they are. */
  besideOthers?: boolean;
}

export const SAMPLE_NAME = 'Harbour Booking';

const administrator: Actor = { userId: BUILT_IN_ADMINISTRATOR, login: 'administrator', isSystemAdmin: true };

/**
 * Loads the sample product through the commands that serve clients, too, and brings its figures up to date. A ledger that
 * has a product is left alone unless asked otherwise, so this may be called at every start. A load that was cut short is
 * cleared away first; while another process is loading, this one does not.
 */
export async function loadSample(context: CommandContext, options: SampleOptions): Promise<SampleOutcome> {
  return withSampleClaim(context.db, async (claim) => {
    if (!claim) return { loaded: false, reason: 'Another process is loading the sample product just now.' };
    const unfinished = await claim.unfinishedProject();
    if (unfinished !== undefined) await deleteProject({ ...context, actor: administrator }, unfinished);
    if (!options.besideOthers && (await claim.hasProjects())) {
      return { loaded: false, reason: 'The ledger has products already, so the sample product was not loaded.' };
    }
    const began = performance.now();
    const made = await makeProduct(context, claim, options.now);
    await claim.finish();
    return { loaded: true, ...made, durationMs: Math.round(performance.now() - began) };
  });
}

async function makeProduct(context: CommandContext, claim: SampleClaim, now: Date) {
  // Several hundred commands: none waits for the disk, which the end of the claim does for all of them, and the figures
  // are refreshed once.
  const db = hurriedDatabase(context.db);
  const server = { ...context, db, actor: administrator, figures: { afterCommit: async () => {} } };
  const project = {
    name: SAMPLE_NAME,
    description: 'A sample product: the booking site of a ferry line, with 60 days of test results. Delete it freely.',
    website: 'https://harbour.example',
  };
  const projectId = await createProject(server, { project });
  await claim.begin(projectId);
  const making: SampleMaking = {
    command: { ...server, projectId },
    calendar: calendarOf(now),
    people: await makePeople(server, projectId),
    releases: new Map(),
    builds: new Map(),
    testCases: new Map(),
    testSets: new Map(),
  };
  const runs = await fill(making);
  await refreshPending(context.db, projectId);
  // Statistics come by themselves within a minute; without them the first recalculation takes seconds (measured: 5.3 s
  // instead of 0.1 s), and it is what people try first.
  await context.db.query(`analyze ${projectTables.join(', ')}`);
  return { projectId, runs };
}

/** Returns the number of runs. */
async function fill(making: SampleMaking): Promise<number> {
  const host = {
    name: 'Harbour CI runner',
    token: 'harbour-ci-1',
    description: 'Executes the nightly and weekly sets.',
  };
  const hostId = await createAutomationHost(making.command, host);
  await makeReleases(making);
  await makeBuilds(making);
  await makeTestCases(making);
  await mapPlannedCases(making);
  await makeRequirements(making);
  await makeTestSets(making, hostId);
  const automated = await recordAutomatedHistory(making, hostId);
  const saved = await saveManualHistory(making);
  await raiseIncidents(making, saved);
  await assignTestCases(making);
  return automated + saved.length;
}
