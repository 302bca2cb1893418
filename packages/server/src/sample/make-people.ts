import type { ServerCommand } from '../commands/context.ts';
import { createUser } from '../commands/create-user.ts';
import { type PersonKey, people } from './content/people.ts';

/** Makes the people of the sample product members of it and returns their ids by key. None of them has an API key. */
export async function makePeople(command: ServerCommand, projectId: number): Promise<Map<PersonKey, number>> {
  const ids = new Map<PersonKey, number>();
  for (const [key, person] of Object.entries(people)) {
    const { login, firstName, lastName, department, roleId } = person;
    const user = { userName: login, firstName, lastName, department, emailAddress: `${login}@harbour.example` };
    ids.set(key as PersonKey, await createUser(command, { user, membership: { projectId, roleId } }));
  }
  return ids;
}
