import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Job, JobPage, JobPath, JobQuery, ref } from '@runledger/protocol';
import type { FastifyInstance } from 'fastify';
import { requestCancel } from '../../../commands/request-cancel.ts';
import type { Actor } from '../../../domain/actor.ts';
import { DomainError } from '../../../domain/errors.ts';
import { findJob, type JobView, listJobs } from '../../../views/jobs.ts';
import { forJobs, type Services } from '../../services.ts';
import { failures } from '../openapi.ts';
import { numberIn, pageOf, readCursor } from '../paging.ts';

const tags = ['Data tools'];

export function registerJobRoutes(plain: FastifyInstance, services: Services): void {
  const api = plain.withTypeProvider<TypeBoxTypeProvider>();
  api.get(
    '/jobs',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'listJobs',
        tags,
        summary: 'Jobs, newest first: of the projects that the caller administers, all for system administrators.',
        querystring: JobQuery,
        response: { 200: ref(JobPage), ...failures },
      },
    },
    async ({ caller, query: { limit: asked, cursor, ...filter } }) => {
      const beforeId = numberIn(readCursor(cursor), 0);
      return pageOf(asked, {
        fetch: (limit) => listJobs(services.read, caller.actor, { ...filter, beforeId, limit }),
        keyOf: (last) => [last.jobId],
      });
    },
  );
  api.get(
    '/jobs/:jobId',
    {
      config: { needs: { login: true } },
      schema: {
        operationId: 'getJob',
        tags,
        summary: 'One job with its progress. 404 also for jobs that the caller may not see.',
        params: JobPath,
        response: { 200: ref(Job), ...failures },
      },
    },
    ({ caller, params }) => visibleJob(services, caller.actor, params.jobId),
  );
  api.post(
    '/jobs/:jobId/cancel',
    {
      config: { needs: { login: true } },
      preHandler: async ({ caller, params }) => {
        await visibleJob(services, caller.actor, params.jobId);
      },
      schema: {
        operationId: 'cancelJob',
        tags,
        summary: 'Cancels a job: one that waits at once, one that runs at the end of the portion it works on.',
        params: JobPath,
        response: { 200: ref(Job), ...failures },
      },
    },
    async ({ caller, services, params }) => {
      await requestCancel(forJobs(services, caller.actor), params.jobId);
      return visibleJob(services, caller.actor, params.jobId);
    },
  );
}

async function visibleJob(services: Services, actor: Actor, jobId: number): Promise<JobView> {
  const job = await findJob(services.read, actor, jobId);
  if (!job) throw new DomainError('notFound', `There is no job ${jobId}`);
  return job;
}
