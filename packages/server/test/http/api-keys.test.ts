import { expect, test } from 'vitest';
import { anApiKey } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const server = await spiraServer(db);
const administrator = await anApiKey(db);

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, key: string, body?: object) {
  const response = await server.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(body ? { payload: body } : {}),
  });
  return { status: response.statusCode, text: response.body, json: response.body === '' ? undefined : response.json() };
}

test('a user makes a key, signs in with it, and after it is revoked no longer', async () => {
  const { userId, apiKey } = await server.userWithRole(4);
  const made = await call('POST', `/users/${userId}/api-keys`, apiKey, { label: 'nightly build' });
  expect(made).toMatchObject({ status: 201, json: { key: expect.stringMatching(/^\{[0-9A-F-]{36}\}$/) } });
  expect((await call('GET', '/me', made.json.key)).json).toMatchObject({ userId });
  expect((await call('DELETE', `/users/${userId}/api-keys/${made.json.apiKeyId}`, apiKey)).status).toBe(204);
  expect((await call('GET', '/me', made.json.key)).status).toBe(401);
});

test('a key is shown once: lists hold its label and last four characters only', async () => {
  const { userId, apiKey } = await server.userWithRole(4);
  const { json: made } = await call('POST', `/users/${userId}/api-keys`, apiKey, { label: 'laptop' });
  const listed = await call('GET', `/users/${userId}/api-keys`, apiKey);
  expect(listed.json.items[0]).toMatchObject({
    apiKeyId: made.apiKeyId,
    label: 'laptop',
    hint: made.key.slice(-5, -1),
  });
  expect(listed.text).not.toContain(made.key.slice(1, -1));
});

test('nobody handles the keys of others but system administrators', async () => {
  const [one, other] = [await server.userWithRole(1), await server.userWithRole(4)];
  expect((await call('POST', `/users/${other.userId}/api-keys`, one.apiKey, {})).status).toBe(404);
  expect((await call('GET', `/users/${other.userId}/api-keys`, one.apiKey)).status).toBe(404);
  const made = await call('POST', `/users/${other.userId}/api-keys`, administrator, {});
  expect((await call('DELETE', `/users/${one.userId}/api-keys/${made.json.apiKeyId}`, one.apiKey)).status).toBe(404);
  expect((await call('GET', '/me', made.json.key)).json).toMatchObject({ userId: other.userId });
});

test('a key for a user that does not exist is 404', async () => {
  expect((await call('POST', '/users/2000000000/api-keys', administrator, {})).status).toBe(404);
});
