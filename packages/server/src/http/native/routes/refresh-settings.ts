import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  PendingResults,
  ProjectPath,
  ProjectRefreshChange,
  ProjectRefreshSettings,
  ref,
  Schedule,
  ScheduleChange,
  ServerRefreshChange,
  ServerRefreshSettings,
} from '@runledger/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { changeProjectRefresh, changeServerRefresh } from '../../../commands/change-refresh-settings.ts';
import { notFound } from '../../../domain/errors.ts';
import { lastNightlyRound, pendingResults, projectRefresh } from '../../../views/data-tools.ts';
import { forJobs, type Services } from '../../services.ts';
import { failures } from '../openapi.ts';

const tags = ['Figures'];

export function registerRefreshSettingRoutes(api: FastifyInstance): void {
  registerServerSettings(api);
  registerSchedule(api);
  registerProjectSettings(api);
}

function registerServerSettings(plain: FastifyInstance): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  const settings = async ({ services }: { services: Services }) => {
    const { mode, rollupsDisabled } = await services.refreshSettings.server();
    return { mode, rollupsDisabled, fixed: fixedAmong(services, ['mode', 'rollupsDisabled']) };
  };
  api.get(
    '/settings/refresh',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'getServerRefreshSettings',
        tags,
        summary: 'When figures follow bulk results, for projects without a mode of their own.',
        response: { 200: ref(ServerRefreshSettings), ...failures },
      },
    },
    settings,
  );
  api.put(
    '/settings/refresh',
    {
      config: { needs: { systemAdmin: true } },
      schema: {
        operationId: 'changeServerRefreshSettings',
        tags,
        summary: 'Changes it, for system administrators. What is not sent stays as it is.',
        body: ref(ServerRefreshChange),
        response: { 200: ref(ServerRefreshSettings), ...failures },
      },
    },
    async (request) => {
      await changeServerRefresh(forJobs(request.services, request.caller.actor), request.body);
      return settings(request);
    },
  );
}

function registerSchedule(plain: FastifyInstance): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  const schedule = async ({ services }: { services: Services }) => {
    const server = await services.refreshSettings.server();
    return {
      nightlyHour: server.nightlyHour,
      timeZone: server.timeZone,
      nextRoundAt: services.jobs.nextNightlyRound(server, services.command.now()),
      lastRoundAt: await lastNightlyRound(services.read),
      fixed: fixedAmong(services, ['nightlyHour', 'timeZone']),
    };
  };
  api.get(
    '/schedule',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'getSchedule',
        tags,
        summary: 'When the nightly refresh starts.',
        response: { 200: ref(Schedule), ...failures },
      },
    },
    schedule,
  );
  api.put(
    '/schedule',
    {
      config: { needs: { systemAdmin: true } },
      schema: {
        operationId: 'changeSchedule',
        tags,
        summary: 'Changes it, for system administrators. What is not sent stays as it is.',
        body: ref(ScheduleChange),
        response: { 200: ref(Schedule), ...failures },
      },
    },
    async (request) => {
      await changeServerRefresh(forJobs(request.services, request.caller.actor), request.body);
      return schedule(request);
    },
  );
}

function registerProjectSettings(plain: FastifyInstance): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  const settings = async ({ services, caller: { project } }: Pick<FastifyRequest, 'services' | 'caller'>) => {
    const { projectId } = project;
    const found = await projectRefresh(services.read, projectId, await services.refreshSettings.server());
    if (!found) throw notFound(`Project ${projectId}`);
    return found;
  };
  api.get(
    '/projects/:projectId/settings/refresh',
    {
      config: { needs: { member: true } },
      schema: {
        operationId: 'getProjectRefreshSettings',
        tags,
        summary: 'When figures follow bulk results in one project.',
        params: ProjectPath,
        response: { 200: ref(ProjectRefreshSettings), ...failures },
      },
    },
    settings,
  );
  api.put(
    '/projects/:projectId/settings/refresh',
    {
      config: { needs: { projectAdmin: true } },
      schema: {
        operationId: 'changeProjectRefreshSettings',
        tags,
        summary: 'Changes it, for administrators of the project. What is not sent stays as it is.',
        params: ProjectPath,
        body: ref(ProjectRefreshChange),
        response: { 200: ref(ProjectRefreshSettings), ...failures },
      },
    },
    async (request) => {
      const { services, caller, body } = request;
      await changeProjectRefresh(forJobs(services, caller.actor), caller.project.projectId, body);
      return settings(request);
    },
  );
  api.get(
    '/projects/:projectId/pending',
    {
      config: { needs: { member: true } },
      schema: {
        operationId: 'getPendingResults',
        tags,
        summary: 'How many results are newer than the figures of the project, and since when.',
        params: ProjectPath,
        response: { 200: ref(PendingResults), ...failures },
      },
    },
    ({ services, caller }) => pendingResults(services.read, caller.project.projectId),
  );
}

function fixedAmong(services: Services, members: readonly string[]): string[] {
  return members.filter((member) => member in services.refreshSettings.fixed);
}
