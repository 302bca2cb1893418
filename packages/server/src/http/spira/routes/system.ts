import { notFound } from '../../../domain/errors.ts';
import { artifactTypes } from '../../../domain/tables.ts';
import { findProjectOfArtifact } from '../../../views/project-of-artifact.ts';
import { RemoteSetting, RemoteVersion } from '../../../wire/spira/objects/system.ts';
import { anyLogin, list, noBody, one, operation, scalar } from '../operation.ts';

/** Clients split it at the dots into four integers, and switch features on by it. */
const INTERFACE_VERSION = '7.0.0.0';

/** Clients show this name and know three of them; it says what is spoken here, not who made the server. */
const PRODUCT_NAME = 'SpiraTest';

/** Artifact types that have a page of their own. */
const withPage: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14]);

const settings = [
  operation({
    method: 'GET',
    path: 'system/product-version',
    summary: 'The version of the interface that this server speaks.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteVersion),
    handle: async () => ({ version: INTERFACE_VERSION, patch: 0 }),
  }),
  operation({
    method: 'GET',
    path: 'system/settings/product-name',
    summary: 'The product that clients take this server for.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: scalar('string'),
    handle: async () => PRODUCT_NAME,
  }),
  operation({
    method: 'GET',
    path: 'system/settings/server-date-time',
    summary: 'The time of the server, UTC.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: scalar('string'),
    handle: async ({ services }) => services.command.now().toISOString(),
  }),
  operation({
    method: 'GET',
    path: 'system/settings/web-server-url',
    summary: 'The address of this server, without a slash at the end.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: scalar('string'),
    handle: async ({ baseUrl }) => baseUrl,
  }),
  operation({
    method: 'GET',
    path: 'system/settings',
    summary: 'The settings that clients may want to know.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteSetting),
    handle: async ({ baseUrl }) => [
      { name: 'ProductName', value: PRODUCT_NAME },
      { name: 'ProductVersion', value: INTERFACE_VERSION },
      { name: 'WebServerUrl', value: baseUrl },
    ],
  }),
];

const artifacts = [
  operation({
    method: 'GET',
    path: 'system/artifact-types/{artifact_type_id}/{artifact_id}/project-id',
    summary: 'The product of an artifact, if the caller is a member of it.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: scalar('int'),
    handle: async ({ services, actor, path }) => {
      const artifactTypeId = path.id('artifact_type_id', 'Artifact type');
      const artifactId = path.id('artifact_id', 'Artifact');
      const wanted = { userId: actor.userId, artifactTypeId, artifactId };
      const projectId = await findProjectOfArtifact(services.read, wanted);
      if (projectId === undefined) throw notFound(`${artifactTypes.get(artifactTypeId) ?? 'Artifact'} ${artifactId}`);
      return projectId;
    },
  }),
  operation({
    method: 'GET',
    path: 'system/artifact-types/{navigation_link_id}/project/{project_id}/artifact/{artifact_id}',
    summary: 'Where the page of an artifact lies: ~ stands for the address of this server. Built, not looked up.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: scalar('string'),
    handle: async ({ path, query }) => {
      const linkId = path.id('navigation_link_id', 'Navigation link');
      const name = withPage.has(linkId) ? artifactTypes.get(linkId) : undefined;
      if (!name) throw notFound(`Navigation link ${linkId}`);
      const tab = query.text('tab_name');
      const page = tab && /^\w{1,40}$/.test(tab) ? `/${tab}` : '';
      return `~/${path.id('project_id', 'Project')}/${name}/${path.id('artifact_id', 'Artifact')}${page}.aspx`;
    },
  }),
];

export const systemOperations = [...settings, ...artifacts];
