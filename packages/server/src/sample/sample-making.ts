import type { ProjectCommand } from '../commands/context.ts';
import type { Calendar } from './calendar.ts';
import type { PersonKey } from './content/people.ts';

/** The sample product while it is made: where the commands work, and the ids of what the content speaks of by key. */
export interface SampleMaking {
  command: ProjectCommand;
  calendar: Calendar;
  people: ReadonlyMap<PersonKey, number>;
  releases: Map<string, number>;
  /** The build of a night, by day. */
  builds: Map<number, number>;
  testCases: Map<string, number>;
  testSets: Map<string, { testSetId: number; rowIds: number[] }>;
}

/** Returns the id of a key; content that speaks of something it does not have is a mistake of ours. */
export function idOf<Key>(ids: ReadonlyMap<Key, number>, key: Key): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`The sample content has no ${String(key)}`);
  return id;
}

/** Returns the id of a person, null when nobody is named. */
export function personId({ people }: Pick<SampleMaking, 'people'>, key: PersonKey | undefined): number | null {
  return key === undefined ? null : idOf(people, key);
}
