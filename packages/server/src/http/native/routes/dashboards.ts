import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { ProjectPath, RequirementCoverageShares, ref } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { coverageWidget } from '../../../views/coverage-widget.ts';
import type { Services } from '../../services.ts';
import { failures } from '../openapi.ts';

export function registerDashboardRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/projects/:projectId/dashboard/requirement-coverage',
    {
      config: { needs: { anyOf: ['requirement:view'] } },
      schema: {
        operationId: 'getRequirementCoverage',
        tags: ['Dashboards'],
        summary: 'How well the requirements of a project are covered, by the current status of their cases.',
        params: ProjectPath,
        response: { 200: ref(RequirementCoverageShares), ...failures },
      },
    },
    ({ params }) => coverageWidget(services.read, params.projectId),
  );
}
