import {
  type CustomPropertyInput,
  defineCustomProperty,
  deleteCustomProperty,
  updateCustomProperty,
} from '../../../commands/define-custom-property.ts';
import { DomainError } from '../../../domain/errors.ts';
import { customPropertiesOf, findCustomProperty } from '../../../views/custom-properties.ts';
import { artifactTypeNamed } from '../../../wire/spira/artifact-type-name.ts';
import type { Decoded } from '../../../wire/spira/object.ts';
import { RemoteCustomProperty } from '../../../wire/spira/objects/custom-property-definition.ts';
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

const path = 'project-templates/{project_template_id}/custom-properties';
const idOf = (call: Call<unknown>) => call.path.id('custom_property_id', 'Custom property');

/** Returns the properties of the artifact type of the path; 404 when it names none. */
async function ofArtifactType({ services, path: values }: Call<unknown>) {
  const text = values.text('artifact_type_name');
  const artifactTypeId = artifactTypeNamed(text);
  if (artifactTypeId === undefined) throw new DomainError('notFound', `There is no artifact type ${text.slice(0, 40)}`);
  return customPropertiesOf(services.read, [artifactTypeId], { listValues: true });
}

/** The list is named by the query on create, else by its object in the body. */
function inputOf({ body, query }: Call<Decoded<typeof RemoteCustomProperty>>): CustomPropertyInput {
  return { ...body, customListId: query.id('custom_list_id') ?? body.customList?.customPropertyListId ?? null };
}

export const customPropertyOperations = [
  operation({
    method: 'GET',
    path: `${path}/{artifact_type_name}`,
    summary: 'Custom fields of an artifact type, by its name, plural or number, with their lists and values.',
    priority: 1,
    needs: anyLogin,
    body: noBody,
    returns: list(RemoteCustomProperty),
    handle: async (call) => {
      await requireTemplate(call);
      return ofArtifactType(call);
    },
  }),
  operation({
    method: 'GET',
    path: 'projects/{project_id}/custom-properties/{artifact_type_name}',
    summary: 'Custom fields of an artifact type, as v5.0 clients ask for them.',
    priority: 2,
    needs: anyMember,
    body: noBody,
    returns: list(RemoteCustomProperty),
    handle: ofArtifactType,
  }),
  operation({
    method: 'POST',
    path,
    summary: 'Defines a custom field; custom_list_id names the list that a list type chooses from.',
    priority: 2,
    needs: templateAdmin,
    body: toCreate(RemoteCustomProperty),
    returns: one(RemoteCustomProperty),
    handle: async (call) => {
      await requireTemplate(call);
      const { services, actor } = call;
      return findCustomProperty(services.read, await defineCustomProperty(onServer(services, actor), inputOf(call)));
    },
  }),
  operation({
    method: 'PUT',
    path: `${path}/{custom_property_id}`,
    summary: 'Updates a custom field; artifact type, number, type and list stay.',
    priority: 2,
    needs: templateAdmin,
    body: toUpdate(RemoteCustomProperty),
    returns: empty,
    handle: async (call) => {
      await requireTemplate(call);
      const { services, actor, body } = call;
      await updateCustomProperty(onServer(services, actor), {
        customPropertyId: idOf(call),
        property: { ...inputOf(call), concurrencyGuid: body.concurrencyGuid ?? null },
      });
    },
  }),
  operation({
    method: 'DELETE',
    path: `${path}/{custom_property_id}`,
    summary: 'Deletes a custom field; its number is free again and its values are seen no more.',
    priority: 2,
    needs: templateAdmin,
    body: noBody,
    returns: empty,
    handle: async (call) => {
      await requireTemplate(call);
      await deleteCustomProperty(onServer(call.services, call.actor), idOf(call));
    },
  }),
];
