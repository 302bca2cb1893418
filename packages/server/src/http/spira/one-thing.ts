import type { ProjectCommand } from '../../commands/context.ts';
import type { Decoded } from '../../wire/spira/object.ts';
import { inProject } from '../services.ts';
import {
  type AnyObject,
  type Call,
  empty,
  noBody,
  type Operation,
  one,
  operation,
  toCreate,
  toUpdate,
} from './operation.ts';
import { type Find, idOfPath, oneOfPath, type Thing } from './things.ts';

type Declared = Pick<Operation, 'path' | 'summary' | 'priority' | 'needs'>;

/** Returns the context for a command in the project of the path. */
export function commandOf({ services, actor, project }: Call<unknown>): ProjectCommand {
  return inProject(services, actor, project);
}

/** Declares GET of one thing of the project by the id of the path; 404 without one. */
export function readingOne({
  object,
  thing,
  find,
  ...declared
}: Declared & { object: AnyObject; thing: Thing; find: Find<object> }): Operation {
  return operation({
    ...declared,
    method: 'GET',
    body: noBody,
    returns: one(object),
    handle: (call) => oneOfPath(call, thing, find),
  });
}

/** Declares POST of a new thing of the project: `create` returns its id, and the answer is what is read back by it. */
export function creating<O extends AnyObject>({
  object,
  create,
  find,
  ...declared
}: Declared & {
  object: O;
  create: (command: ProjectCommand, sent: Decoded<O>, call: Call<Decoded<O>>) => Promise<number>;
  find: Find<object>;
}): Operation {
  return operation({
    ...declared,
    method: 'POST',
    body: toCreate(object),
    returns: one(object),
    handle: async (call: Call<Decoded<O>>) => {
      const id = await create(commandOf(call), call.body, call);
      return find(call.services.read, call.project.projectId, id);
    },
  });
}

/** Declares PUT of a thing of the project; the answer has no content. */
export function updating<O extends AnyObject>({
  object,
  update,
  ...declared
}: Declared & {
  object: O;
  update: (command: ProjectCommand, sent: Decoded<O>, call: Call<Decoded<O>>) => Promise<unknown>;
}): Operation {
  return operation({
    ...declared,
    method: 'PUT',
    body: toUpdate(object),
    returns: empty,
    handle: (call: Call<Decoded<O>>) => update(commandOf(call), call.body, call),
  });
}

interface Acted extends Declared {
  thing: Thing;
  /** Runs with the id of the path, whether or not there is such a thing: commands refuse what they do not find. */
  act: (command: ProjectCommand, id: number, call: Call<undefined>) => Promise<unknown>;
}

/** Declares DELETE of a thing of the project by the id of the path. */
export const deleting = (declared: Acted): Operation => onThing('DELETE', declared);

/** Declares POST without a body of something that is done with a thing of the project: a move. */
export const acting = (declared: Acted): Operation => onThing('POST', declared);

function onThing(method: 'POST' | 'DELETE', { thing, act, ...declared }: Acted): Operation {
  return operation({
    ...declared,
    method,
    body: noBody,
    returns: empty,
    handle: (call) => act(commandOf(call), idOfPath(call, thing), call),
  });
}
