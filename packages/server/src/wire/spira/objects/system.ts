import { integer, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export const RemoteVersion = spiraObject(
  'RemoteVersion',
  { description: 'The version of the interface that this server speaks.' },
  {
    Version: text('Four whole numbers with dots between.').readOnly().notNull(),
    Patch: integer('Patch of the version.').readOnly(),
  },
);

export const RemoteSetting = spiraObject(
  'RemoteSetting',
  { description: 'A setting of the server.' },
  {
    Name: text('Name of the setting.').readOnly().notNull(),
    Value: text('Its value.').readOnly(),
  },
);
