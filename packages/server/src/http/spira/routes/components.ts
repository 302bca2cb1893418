import { createComponent, markComponent, updateComponent } from '../../../commands/components.ts';
import { components } from '../../../views/components.ts';
import type { ReadSide } from '../../../views/view.ts';
import { RemoteComponent } from '../../../wire/spira/objects/component.ts';
import { whenAsked } from '../conditions.ts';
import { acting, creating, deleting, readingOne, updating } from '../one-thing.ts';
import { anyMember, list, noBody, operation, projectAdmin } from '../operation.ts';
import { idOfPath, rowOf } from '../things.ts';

/** Finds a component unless it is deleted. */
async function findComponent(db: ReadSide, projectId: number, componentId: number) {
  const component = await components.find(db, [projectId], componentId);
  return component?.isDeleted ? undefined : component;
}

export const componentOperations = [
  operation({
    method: 'GET',
    path: 'projects/{project_id}/components',
    summary: 'Components; active_only leaves out those out of use, include_deleted adds the deleted ones.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteComponent),
    handle: (call) => {
      const { services, project, query } = call;
      const where = [
        ...whenAsked(call, 'active_only', 'isActive'),
        ...(query.flag('include_deleted') ? [] : [{ field: 'isDeleted', test: 'isTrue', value: false } as const]),
      ];
      return components.list(services.read, [project.projectId], { where });
    },
  }),
  readingOne({
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'One component.',
    priority: 2,
    needs: anyMember,
    object: RemoteComponent,
    thing: 'component',
    find: findComponent,
  }),
  creating({
    path: 'projects/{project_id}/components',
    summary: 'Creates a component.',
    priority: 2,
    needs: projectAdmin,
    object: RemoteComponent,
    create: createComponent,
    find: rowOf(components),
  }),
  updating({
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'Updates a component.',
    priority: 2,
    needs: projectAdmin,
    object: RemoteComponent,
    update: async (command, component, call) =>
      updateComponent(command, { componentId: idOfPath(call, 'component'), component }),
  }),
  deleting({
    path: 'projects/{project_id}/components/{component_id}',
    summary: 'Deletes a component.',
    priority: 2,
    needs: projectAdmin,
    thing: 'component',
    act: (command, componentId) => markComponent(command, { componentId, isDeleted: true }),
  }),
  acting({
    path: 'projects/{project_id}/components/{component_id}/undelete',
    summary: 'Restores a deleted component.',
    priority: 2,
    needs: projectAdmin,
    thing: 'component',
    act: (command, componentId) => markComponent(command, { componentId, isDeleted: false }),
  }),
];
