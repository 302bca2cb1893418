import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { ProjectPath, RetentionPreview, RetentionPreviewQuery, RetentionSettings, ref } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { previewRetention } from '../../../commands/apply-retention.ts';
import { changeRetention } from '../../../commands/change-retention.ts';
import { retentionSettings } from '../../../views/retention.ts';
import { failures } from '../openapi.ts';

const tags = ['Retention'];

export function registerRetentionRoutes(plain: FastifyInstance): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/projects/:projectId/settings/retention',
    {
      config: { needs: { member: true } },
      schema: {
        operationId: 'getRetentionSettings',
        tags,
        summary: 'How long the test runs of a project are kept.',
        params: ProjectPath,
        response: { 200: ref(RetentionSettings), ...failures },
      },
    },
    ({ caller, services }) => retentionSettings(services.read, caller.project.projectId),
  );
  api.put(
    '/projects/:projectId/settings/retention',
    {
      config: { needs: { projectAdmin: true } },
      schema: {
        operationId: 'changeRetentionSettings',
        tags,
        summary: 'Changes it, for administrators of the project. Nothing is deleted before the next nightly round.',
        params: ProjectPath,
        body: ref(RetentionSettings),
        response: { 200: ref(RetentionSettings), ...failures },
      },
    },
    async ({ caller, services, body }) => {
      const { projectId } = caller.project;
      await changeRetention({ ...services.command, actor: caller.actor }, projectId, body);
      return retentionSettings(services.read, projectId);
    },
  );
  api.get(
    '/projects/:projectId/retention-preview',
    {
      config: { needs: { projectAdmin: true } },
      schema: {
        operationId: 'previewRetention',
        tags,
        summary: 'How many test runs would be deleted now if they were kept for so many days.',
        params: ProjectPath,
        querystring: RetentionPreviewQuery,
        response: { 200: ref(RetentionPreview), ...failures },
      },
    },
    async ({ caller, services, query: { keepDays } }) => ({
      keepDays,
      runs: await previewRetention(services.command, caller.project.projectId, keepDays),
    }),
  );
}
