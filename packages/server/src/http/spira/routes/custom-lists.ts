import { addCustomListValue, createCustomList, updateCustomList } from '../../../commands/custom-lists.ts';
import { DomainError } from '../../../domain/errors.ts';
import { customLists, customListValues, findCustomList } from '../../../views/custom-properties.ts';
import { RemoteCustomList, RemoteCustomListValue } from '../../../wire/spira/objects/custom-property-definition.ts';
import { onServer } from '../../services.ts';
import {
  anyLogin,
  anyMember,
  type Call,
  empty,
  list,
  noBody,
  one,
  operation,
  templateAdmin,
  toCreate,
  toUpdate,
} from '../operation.ts';
import { requireTemplate } from '../template-access.ts';

const path = 'project-templates/{project_template_id}/custom-lists';
const idOf = (call: Call<unknown>) => call.path.id('custom_list_id', 'Custom list');

const all = ({ services }: Call<unknown>) => customLists.list(services.read, []);

/** Returns the list of the path with its values; 404 when there is none. */
async function ofPath(call: Call<unknown>) {
  const id = idOf(call);
  const found = await findCustomList(call.services.read, id);
  if (!found) throw new DomainError('notFound', `Custom list ${id} does not exist`);
  return found;
}

const reading = [
  operation({
    method: 'GET',
    path,
    summary: 'Custom lists, without their values.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteCustomList),
    handle: async (call) => {
      await requireTemplate(call);
      return all(call);
    },
  }),
  operation({
    method: 'GET',
    path: `${path}/{custom_list_id}`,
    summary: 'One custom list with its values.',
    priority: 2,
    needs: anyLogin,
    body: noBody,
    returns: one(RemoteCustomList),
    handle: async (call) => {
      await requireTemplate(call);
      return ofPath(call);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/custom-lists',
    summary: 'Custom lists, as v5.0 clients ask for them.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteCustomList),
    handle: all,
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/custom-lists/{custom_list_id}',
    summary: 'One custom list with its values, as v5.0 clients ask for it.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: one(RemoteCustomList),
    handle: ofPath,
  }),
];

const writing = [
  operation({
    method: 'POST',
    path,
    summary: 'Creates a custom list, with the values that are sent with it.',
    priority: 2,
    needs: templateAdmin,
    body: toCreate(RemoteCustomList),
    returns: one(RemoteCustomList),
    handle: async (call) => {
      await requireTemplate(call);
      const { services, actor, body } = call;
      return findCustomList(services.read, await createCustomList(onServer(services, actor), body));
    },
  }),
  operation({
    method: 'PUT',
    path: `${path}/{custom_list_id}`,
    summary: 'Updates a custom list; values with an id change, those without are added, the rest stay.',
    priority: 2,
    needs: templateAdmin,
    body: toUpdate(RemoteCustomList),
    returns: empty,
    handle: async (call) => {
      await requireTemplate(call);
      const { services, actor, body } = call;
      await updateCustomList(onServer(services, actor), { customListId: idOf(call), list: body });
    },
  }),
  operation({
    method: 'POST',
    path: `${path}/{custom_list_id}/values`,
    summary: 'Adds a value to a custom list.',
    priority: 2,
    needs: templateAdmin,
    body: toCreate(RemoteCustomListValue),
    returns: one(RemoteCustomListValue),
    handle: async (call) => {
      await requireTemplate(call);
      const { services, actor, body } = call;
      const added = await addCustomListValue(onServer(services, actor), { customListId: idOf(call), value: body });
      return customListValues.find(services.read, [], added);
    },
  }),
];

export const customListOperations = [...reading, ...writing];
