import type { Actor } from '../domain/actor.ts';
import { DomainError, type Issue, notFound, refuse } from '../domain/errors.ts';
import {
  isRefreshMode,
  isTimeZone,
  type ProjectRefresh,
  refreshModes,
  type ServerRefresh,
} from '../domain/refresh-mode.ts';
import { insertEvent } from '../storage/events.ts';
import {
  claimNightlyRound,
  findProjectRefresh,
  updateProjectRefresh,
  updateServerRefresh,
} from '../storage/settings.ts';
import type { JobContext } from './job-signals.ts';

type SettingsContext = JobContext & { actor: Actor | null };

/**
 * Changes what is given of the server's refresh settings and keeps the rest. Refused: values that are not allowed, and
 * settings that the command line or the environment of this server fixes. A new hour or time zone is not made up for: it
 * holds from now on.
 */
export async function changeServerRefresh(context: SettingsContext, change: Partial<ServerRefresh>): Promise<void> {
  refuse(serverIssues(change));
  const fixed = Object.keys(change).filter((key) => key in context.refreshSettings.fixed);
  if (fixed.length > 0) {
    throw new DomainError('stale', `The configuration of this server fixes ${fixed.join(', ')}; change it there`);
  }
  await context.db.transaction(async (transaction) => {
    await updateServerRefresh(transaction, change);
    if (change.nightlyHour !== undefined || change.timeZone !== undefined) {
      await claimNightlyRound(transaction, context.now());
    }
    await insertEvent(transaction, {
      userId: context.actor?.userId ?? null,
      projectId: null,
      kind: 'setting',
      subject: 'refresh',
      details: { ...change },
    });
  });
  context.refreshSettings.forget();
}

/** Changes what is given of a project's refresh settings and keeps the rest; a mode of null means the server's. */
export async function changeProjectRefresh(
  context: SettingsContext,
  projectId: number,
  change: Partial<ProjectRefresh>,
): Promise<void> {
  refuse(modeIssues(change.mode));
  await context.db.transaction(async (transaction) => {
    if (!(await findProjectRefresh(transaction, projectId))) throw notFound(`Project ${projectId}`);
    await updateProjectRefresh(transaction, projectId, change);
    await insertEvent(transaction, {
      userId: context.actor?.userId ?? null,
      projectId,
      kind: 'setting',
      subject: 'refresh',
      details: { ...change },
    });
  });
  context.refreshSettings.forget();
}

function serverIssues({ mode, nightlyHour, timeZone }: Partial<ServerRefresh>): Issue[] {
  const issues = modeIssues(mode);
  if (nightlyHour !== undefined && !(Number.isInteger(nightlyHour) && nightlyHour >= 0 && nightlyHour <= 23)) {
    issues.push({ code: 'invalid', field: 'nightlyHour', message: `${nightlyHour} is not an hour from 0 to 23` });
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const message = `${timeZone.slice(0, 60)} is not a time zone; names look like UTC or Europe/Vienna`;
    issues.push({ code: 'invalid', field: 'timeZone', message });
  }
  return issues;
}

function modeIssues(mode: string | null | undefined): Issue[] {
  if (mode === null || mode === undefined || isRefreshMode(mode)) return [];
  return [
    {
      code: 'outsideTable',
      field: 'mode',
      message: `${mode} is not a refresh mode; allowed are ${refreshModes.join(', ')}`,
    },
  ];
}
