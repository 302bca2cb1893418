import { Type } from 'typebox';
import { Id, nullable, object, ref, Timestamp } from './basics.ts';

export const ApiKey = object(
  'ApiKey',
  {
    apiKeyId: Type.Integer(),
    hint: Type.String({ description: 'The last four characters, by which a person tells two keys apart.' }),
    label: Type.String({ description: 'What the key is for.' }),
    createdAt: Timestamp,
    revokedAt: nullable(Timestamp),
  },
  'An API key of a user. Only its hash is stored, so the key itself cannot be shown.',
);

export const ApiKeyList = object(
  'ApiKeyList',
  { items: Type.Array(ref(ApiKey)) },
  'The API keys of a user, newest first.',
);

export const NewApiKey = object(
  'NewApiKey',
  {
    apiKeyId: Type.Integer(),
    key: Type.String({ description: 'The key, shown this once.' }),
  },
  'An API key that was just made.',
);

export const ApiKeyRequest = object(
  'ApiKeyRequest',
  { label: Type.Optional(Type.String({ maxLength: 200, description: 'What the key is for.' })) },
  'What is said of a key that is to be made.',
);

export const UserPath = Type.Object({ userId: Id });
export const ApiKeyPath = Type.Object({ userId: Id, apiKeyId: Id });
