import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { afterAll } from 'vitest';
import type { FigureRefresh } from '../../src/commands/context.ts';
import { type AppOptions, buildApp } from '../../src/http/app.ts';
import { createLogger } from '../../src/http/log.ts';
import { type BackgroundWork, backgroundWork } from '../../src/jobs/background-work.ts';
import { SharedRefresh } from '../../src/rollups/shared-refresh.ts';
import type { Database } from '../../src/storage/database.ts';
import { RefreshSettings } from '../../src/storage/settings.ts';
import { aMember, anApiKey, aProject, aUser } from './builders.ts';
import { fixedClock } from './clock.ts';

/** An answer, read whole. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The body as JSON; undefined when it is empty or none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  json: any;
}

export interface CallOptions {
  /** Sent as JSON, unless it is text or bytes, which are sent as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Whose key is sent; `null` sends none. */
  as?: { login: string; apiKey: string } | null;
  /** v5_0, v6_0 or v7_0 (the default). */
  version?: string;
}

/** A server with one project and a Product Owner who calls it. */
export interface SpiraServer {
  app: FastifyInstance;
  db: Database;
  projectId: number;
  owner: { userId: number; login: string; apiKey: string };
  clock: ReturnType<typeof fixedClock>;
  /** Jobs and loops, not started: a call that waits for its job works the queue itself; tests drain the rest. */
  background: BackgroundWork;
  /** Calls an operation by its path below RestService.svc, in process. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Makes another project with the owner as its Product Owner. */
  ownProject(): Promise<number>;
  /** Makes a user with a role in the project (null: no member) and a key. */
  userWithRole(roleId: number | null, login?: string): Promise<{ userId: number; login: string; apiKey: string }>;
  /** Listens on a free port of the loopback address (once) and returns it. */
  port(): Promise<number>;
}

export interface SpiraServerOptions {
  options?: AppOptions;
  logger?: Logger;
  figures?: FigureRefresh;
}

/** Returns a server on this database; it is closed when the file's tests are done. */
export async function spiraServer(db: Database, parts: SpiraServerOptions = {}): Promise<SpiraServer> {
  const clock = fixedClock();
  // Nothing is remembered, so that a test may change settings behind the server's back.
  const refreshSettings = new RefreshSettings(db, { keptMs: 0 });
  const figures = parts.figures ?? sharedRefresh(db, refreshSettings);
  const command = { db, figures, now: clock.now };
  const logger = parts.logger ?? createLogger({ level: 'error' });
  const background = backgroundWork(command, { refreshSettings, log: logger });
  const app = buildApp({
    services: { read: db, command, refreshSettings, jobs: background.jobs },
    ...(parts.options ? { options: parts.options } : {}),
    logger,
  });
  await app.ready();
  afterAll(() => app.close());
  const projectId = await aProject(db);
  const userWithRole = async (roleId: number | null, login = `user-${crypto.randomUUID()}`) => {
    const userId = await aUser(db, { login });
    if (roleId !== null) await aMember(db, projectId, { userId, roleId });
    return { userId, login, apiKey: await anApiKey(db, userId) };
  };
  const owner = await userWithRole(1);
  const ownProject = async () => {
    const ownId = await aProject(db);
    await aMember(db, ownId, { userId: owner.userId, roleId: 1 });
    return ownId;
  };
  return {
    app,
    db,
    projectId,
    owner,
    clock,
    background,
    ownProject,
    userWithRole,
    call: (method, path, options = {}) => inProcess(app, { method, path, as: owner, ...options }),
    port: async () => {
      if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
      return (app.server.address() as AddressInfo).port;
    },
  };
}

/** What a call waits for follows the refresh mode of its project; `nightly` unless a test says otherwise. */
function sharedRefresh(db: Database, refreshSettings: RefreshSettings): SharedRefresh {
  return new SharedRefresh({
    db,
    policyOf: (projectId) => refreshSettings.policyOf(projectId),
    onFailure: (projectId, error) => console.error(`The refresh of project ${projectId} failed`, error),
  });
}

async function inProcess(
  app: FastifyInstance,
  { method, path, body, headers = {}, as, version = 'v7_0' }: CallOptions & { method: string; path: string },
): Promise<Answer> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await app.inject({
    method: method as 'GET',
    url: `/Services/${version}/RestService.svc/${path}`,
    headers: {
      ...(as ? { username: as.login, 'api-key': as.apiKey } : {}),
      ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: isRaw ? body : JSON.stringify(body) }),
  });
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string>,
    text: response.body,
    json: jsonOrNothing(response.body),
  };
}

function jsonOrNothing(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
