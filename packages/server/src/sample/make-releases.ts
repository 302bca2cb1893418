import { createBuild } from '../commands/create-build.ts';
import { createRelease } from '../commands/create-release.ts';
import { mapTestCases } from '../commands/map-test-cases.ts';
import { automatedHistory } from './automated-history.ts';
import { type Calendar, historyDays } from './calendar.ts';
import { chance } from './chance.ts';
import { plannedCases } from './content/planned-cases.ts';
import { releaseKinds, releaseStates, releases, type SampleRelease, workedOn } from './content/releases.ts';
import { brokenBuilds } from './content/troubles.ts';
import { statusIds } from './outcomes.ts';
import { idOf, type SampleMaking } from './sample-making.ts';

const MIDDAY = 720;
const BUILD_MINUTE = 70;
const buildStatuses = { failed: 1, succeeded: 2, unstable: 3, aborted: 4 } as const;

/** Makes the tree of releases, parents first. */
export async function makeReleases(making: SampleMaking): Promise<void> {
  for (const release of releases) await makeRelease(making, release, null);
}

async function makeRelease(
  making: SampleMaking,
  release: SampleRelease,
  parentReleaseId: number | null,
): Promise<void> {
  const { command, calendar, people } = making;
  const releaseId = await createRelease(command, {
    release: {
      name: release.name,
      versionNumber: release.versionNumber,
      description: release.description,
      releaseTypeId: releaseKinds[release.kind],
      releaseStatusId: releaseStates[release.status],
      startDate: calendar.at(release.from, MIDDAY),
      endDate: calendar.at(release.to, MIDDAY),
      creatorId: idOf(people, 'mara'),
      ownerId: idOf(people, 'tom'),
      resourceCount: people.size - 1,
    },
    parentReleaseId,
  });
  making.releases.set(release.key, releaseId);
  for (const child of release.children ?? []) await makeRelease(making, child, releaseId);
}

/** Maps the test cases that were planned for a release. Sets and requirements bring others. */
export async function mapPlannedCases({ command, releases: ids, testCases }: SampleMaking): Promise<void> {
  for (const [release, cases] of Object.entries(plannedCases)) {
    const testCaseIds = cases.map((key) => idOf(testCases, key));
    await mapTestCases(command, { releaseId: idOf(ids, release), testCaseIds });
  }
}

/** Makes the build of every night, unstable where a fifth of its tests failed. */
export async function makeBuilds(making: SampleMaking): Promise<void> {
  const { command, calendar } = making;
  const runs = Map.groupBy(automatedHistory(calendar), (run) => run.day);
  for (const day of historyDays) {
    const creationDate = calendar.at(day, BUILD_MINUTE);
    if (creationDate > calendar.now) continue;
    const release = releaseOfDay(day);
    const night = runs.get(day) ?? [];
    const failed = night.filter((run) => run.executionStatusId === statusIds.failed).length;
    const broken = brokenBuilds.find((build) => build.day === day);
    const status = broken?.status ?? (failed > night.length / 5 ? 'unstable' : 'succeeded');
    const buildId = await createBuild(command, {
      releaseId: idOf(making.releases, release.key),
      build: {
        name: `${release.versionNumber}+${dateOf(calendar, day)}`,
        description: broken?.reason ?? `Nightly build of main; ${failed} of ${night.length} tests failed.`,
        buildStatusId: buildStatuses[status],
        creationDate,
        revisions: revisionsOf(day),
      },
    });
    making.builds.set(day, buildId);
  }
}

/** Returns the release that was worked on at a day. */
export function releaseOfDay(day: number): SampleRelease {
  const release = workedOn.find(({ from, to }) => day >= from && day < to);
  if (!release) throw new Error(`The sample content has no release for day ${day}`);
  return release;
}

function dateOf(calendar: Calendar, day: number): string {
  return calendar.at(day, 0).toISOString().slice(0, 10).replaceAll('-', '');
}

function revisionsOf(day: number): { revisionKey: string }[] {
  const count = 1 + Math.floor(chance('commits', day) * 5);
  return Array.from({ length: count }, (_, index) => ({
    revisionKey: Array.from({ length: 10 }, (_, digit) =>
      Math.floor(chance('revision', day, index, digit) * 16).toString(16),
    ).join(''),
  }));
}
