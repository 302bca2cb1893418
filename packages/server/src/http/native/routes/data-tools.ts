import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  DataToolList,
  JobList,
  ProjectToolPath,
  ProjectToolRequest,
  ref,
  SystemToolRequest,
  ToolPath,
} from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { requestDataTool } from '../../../commands/request-data-tool.ts';
import { dataTool, dataTools } from '../../../domain/data-tools.ts';
import { findJobs } from '../../../views/jobs.ts';
import { forJobs } from '../../services.ts';
import { failures } from '../openapi.ts';

const tags = ['Data tools'];

export function registerDataToolRoutes(plain: FastifyInstance): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/data-tools',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'listDataTools',
        tags,
        summary: 'Every data tool and what it does.',
        response: { 200: ref(DataToolList), ...failures },
      },
    },
    async () => ({ items: dataTools.map((tool) => ({ ...tool, takesRelease: tool.takesRelease ?? false })) }),
  );
  api.post(
    '/data-tools/:tool/runs',
    {
      config: { needs: { systemAdmin: true } },
      schema: {
        operationId: 'runDataTool',
        tags,
        summary:
          'Uses a tool in some or all projects, or on the whole system; one job each. For system administrators.',
        params: ToolPath,
        body: ref(SystemToolRequest),
        response: { 202: ref(JobList), ...failures },
      },
    },
    async ({ caller, services, params, body }, reply) => {
      const isSystemTool = dataTool(params.tool)?.scope === 'system';
      const projectIds = body.projectIds ?? (isSystemTool ? null : 'all');
      const jobIds = await requestDataTool(forJobs(services, caller.actor), { tool: params.tool, projectIds });
      reply.code(202);
      return { items: await findJobs(services.read, jobIds) };
    },
  );
  api.post(
    '/projects/:projectId/data-tools/:tool/runs',
    {
      config: { needs: { projectAdmin: true } },
      schema: {
        operationId: 'runProjectDataTool',
        tags,
        summary: 'Uses a tool in one project. For administrators of the project.',
        params: ProjectToolPath,
        body: ref(ProjectToolRequest),
        response: { 202: ref(JobList), ...failures },
      },
    },
    async ({ caller, services, params, body }, reply) => {
      const jobIds = await requestDataTool(forJobs(services, caller.actor), {
        tool: params.tool,
        projectIds: [caller.project.projectId],
        releaseId: body.releaseId,
      });
      reply.code(202);
      return { items: await findJobs(services.read, jobIds) };
    },
  );
}
