import { createAutomationEngine, updateAutomationEngine } from '../../../commands/automation-engines.ts';
import {
  createAutomationHost,
  deleteAutomationHost,
  updateAutomationHost,
} from '../../../commands/automation-hosts.ts';
import { DomainError, notFound } from '../../../domain/errors.ts';
import { automationEngines, findEngineIdByToken } from '../../../views/automation-engines.ts';
import { automationHosts, findHostIdByToken } from '../../../views/automation-hosts.ts';
import { RemoteAutomationEngine, RemoteAutomationHost } from '../../../wire/spira/objects/automation.ts';
import { onServer, type Services } from '../../services.ts';
import { whenAsked } from '../conditions.ts';
import { listing } from '../listing.ts';
import { creating, deleting, readingOne, updating } from '../one-thing.ts';
import { anyLogin, can, empty, list, noBody, one, operation, systemAdmin, toCreate, toUpdate } from '../operation.ts';
import { rowOf } from '../things.ts';

const findHost = rowOf(automationHosts);

const lists = listing({
  object: RemoteAutomationHost,
  needs: can('automationHost:view'),
  source: ({ project }) => ({ view: automationHosts, parameters: [project.projectId] }),
});

const hosts = [
  lists.list({
    path: 'projects/{project_id}/automation-hosts',
    summary: 'Automation hosts, paged and sorted.',
    priority: 2,
  }),
  lists.search({
    path: 'projects/{project_id}/automation-hosts/search',
    summary: 'Automation hosts that meet the filters, paged and sorted.',
    priority: 2,
  }),
  readingOne({
    path: 'projects/{project_id}/automation-hosts/{automation_host_id}',
    summary: 'One automation host.',
    priority: 2,
    needs: can('automationHost:view'),
    object: RemoteAutomationHost,
    thing: 'automationHost',
    find: findHost,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/automation-hosts/tokens/{token}',
    summary: 'The automation host with a token.',
    priority: 2,
    needs: can('automationHost:view'),
    body: noBody,
    returns: one(RemoteAutomationHost),
    handle: async ({ services, project, path }) => {
      const token = path.text('token');
      const hostId = await findHostIdByToken(services.read, project.projectId, token);
      if (hostId === undefined) throw notFound(`Automation host ${token.slice(0, 60)}`);
      return automationHosts.find(services.read, [project.projectId], hostId);
    },
  }),
  creating({
    path: 'projects/{project_id}/automation-hosts',
    summary: 'Creates an automation host; its token must be new in the product.',
    priority: 2,
    needs: can('automationHost:create'),
    object: RemoteAutomationHost,
    create: createAutomationHost,
    find: findHost,
  }),
  updating({
    path: 'projects/{project_id}/automation-hosts',
    summary: 'Updates an automation host; ConcurrencyDate (or LastUpdateDate) must be the one that was read.',
    priority: 2,
    needs: can('automationHost:modify'),
    object: RemoteAutomationHost,
    update: updateAutomationHost,
  }),
  deleting({
    path: 'projects/{project_id}/automation-hosts/{automation_host_id}',
    summary: 'Deletes an automation host.',
    priority: 2,
    needs: can('automationHost:delete'),
    thing: 'automationHost',
    act: deleteAutomationHost,
  }),
];

const unknownEngine = (text: string) =>
  new DomainError('notFound', `Automation engine ${text.slice(0, 60)} does not exist`);

async function engineByToken(services: Services, token: string) {
  const engineId = await findEngineIdByToken(services.read, token);
  if (engineId === undefined) throw unknownEngine(token);
  return automationEngines.find(services.read, [], engineId);
}

const engines = [
  operation({
    method: 'GET',
    path: 'automation-engines',
    summary: 'Automation engines; active_only leaves out those out of use.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteAutomationEngine),
    handle: (call) =>
      automationEngines.list(call.services.read, [], { where: whenAsked(call, 'active_only', 'active') }),
  }),
  operation({
    method: 'GET',
    path: 'automation-engines/{automation_engine_id}',
    summary: 'One automation engine. tokens{token}, as the reference writes it without a slash, finds it by token.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteAutomationEngine),
    handle: async ({ services, path }) => {
      const token = /^tokens(.+)$/i.exec(path.text('automation_engine_id'))?.[1];
      if (token !== undefined) return engineByToken(services, token);
      const engineId = path.id('automation_engine_id', 'Automation engine');
      const engine = await automationEngines.find(services.read, [], engineId);
      if (!engine) throw unknownEngine(String(engineId));
      return engine;
    },
  }),
  operation({
    method: 'GET',
    path: 'automation-engines/tokens/{token}',
    summary: 'The automation engine with a token.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteAutomationEngine),
    handle: ({ services, path }) => engineByToken(services, path.text('token')),
  }),
  operation({
    method: 'POST',
    path: 'automation-engines',
    summary: 'Creates an automation engine.',
    priority: 2,
    needs: systemAdmin,
    body: toCreate(RemoteAutomationEngine),
    returns: one(RemoteAutomationEngine),
    handle: async ({ services, actor, body }) => {
      const engineId = await createAutomationEngine(onServer(services, actor), body);
      return automationEngines.find(services.read, [], engineId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'automation-engines',
    summary: 'Updates an automation engine.',
    priority: 2,
    needs: systemAdmin,
    body: toUpdate(RemoteAutomationEngine),
    returns: empty,
    handle: ({ services, actor, body }) => updateAutomationEngine(onServer(services, actor), body),
  }),
];

export const automationOperations = [...hosts, ...engines];
