import { Type } from 'typebox';
import { Id, nullable, object, pageOf, pageQuery, Timestamp } from './basics.ts';

export const Event = object(
  'Event',
  {
    eventId: Type.Integer(),
    occurredAt: Timestamp,
    login: nullable(Type.String({ description: 'Who did it; null: the server itself.' })),
    projectId: nullable(Type.Integer()),
    kind: Type.String({ description: 'What kind of thing happened: dataTool, setting, testRun, ...' }),
    subject: Type.String({ description: 'The tool, setting or artifact it was done with.' }),
    durationMs: nullable(Type.Integer()),
    rowsChanged: nullable(Type.Integer()),
    details: Type.Record(Type.String(), Type.Unknown()),
  },
  'An entry of the event log.',
);

export const EventPage = pageOf(Event);

export const EventQuery = Type.Object(
  { ...pageQuery, projectId: Type.Optional(Id), kind: Type.Optional(Type.String({ maxLength: 60 })) },
  { additionalProperties: false },
);
