import { createComponent, markComponent, updateComponent } from '../../../commands/components.ts';
import { notFound } from '../../../domain/errors.ts';
import { components } from '../../../views/components.ts';
import { RemoteComponent } from '../../../wire/spira/objects/component.ts';
import { inProject } from '../../services.ts';
import { anyMember, empty, list, noBody, one, operation, projectAdmin, toCreate, toUpdate } from '../operation.ts';

export const componentOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/components',
    summary: 'Components; active_only leaves out those out of use, include_deleted adds the deleted ones.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteComponent),
    handle: ({ services, project, query }) => {
      const is = (field: string, value: boolean) => ({ field, test: 'isTrue', value }) as const;
      const where = [
        ...(query.flag('active_only') ? [is('isActive', true)] : []),
        ...(query.flag('include_deleted') ? [] : [is('isDeleted', false)]),
      ];
      return components.list(services.read, [project.projectId], { where });
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'One component.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: one(RemoteComponent),
    handle: async ({ services, project, path }) => {
      const componentId = path.id('component_id', 'Component');
      const component = await components.find(services.read, [project.projectId], componentId);
      if (!component || component.isDeleted) throw notFound(`Component ${componentId}`);
      return component;
    },
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/components',
    summary: 'Creates a component.',
    priority: 2,
    needs: projectAdmin,
    body: toCreate(RemoteComponent),
    returns: one(RemoteComponent),
    handle: async ({ services, actor, project, body }) => {
      const componentId = await createComponent(inProject(services, actor, project), body);
      return components.find(services.read, [project.projectId], componentId);
    },
  }),
  operation({
    method: 'PUT',
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'Updates a component.',
    priority: 2,
    needs: projectAdmin,
    body: toUpdate(RemoteComponent),
    returns: empty,
    handle: ({ services, actor, project, path, body }) =>
      updateComponent(inProject(services, actor, project), {
        componentId: path.id('component_id', 'Component'),
        component: body,
      }),
  }),
  operation({
    method: 'DELETE',
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'Deletes a component.',
    priority: 2,
    needs: projectAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, project, path }) =>
      markComponent(inProject(services, actor, project), {
        componentId: path.id('component_id', 'Component'),
        isDeleted: true,
      }),
  }),
  operation({
    method: 'POST',
    path: 'projects/{project_id}/components/{component_id}/undelete',
    summary: 'Restores a deleted component.',
    priority: 2,
    needs: projectAdmin,
    body: noBody,
    returns: empty,
    handle: ({ services, actor, project, path }) =>
      markComponent(inProject(services, actor, project), {
        componentId: path.id('component_id', 'Component'),
        isDeleted: false,
      }),
  }),
];
