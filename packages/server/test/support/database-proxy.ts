import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll } from 'vitest';

/** A way to the database that a test can cut and mend. */
export interface DatabaseProxy {
  connectionString: string;
  /** Breaks open connections and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Returns a proxy to the database behind a connection string, be it a port or the socket of an embedded one. */
export async function databaseProxy(connectionString: string): Promise<DatabaseProxy> {
  const target = addressOf(connectionString);
  const open = new Set<Socket>();
  const forward = (client: Socket): void => {
    const upstream = connect(target);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        (socket === client ? upstream : client).destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  };
  let server = await listening(createServer(forward), 0);
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  afterAll(async () => {
    if (server.listening) await cut();
  });
  const proxied = new URL(connectionString);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  proxied.searchParams.delete('host');
  proxied.searchParams.delete('port');
  return {
    connectionString: proxied.href,
    cut,
    mend: async () => {
      server = await listening(createServer(forward), port);
    },
  };
}

function addressOf(connectionString: string): { path: string } | { host: string; port: number } {
  const url = new URL(connectionString);
  const directory = url.searchParams.get('host');
  const port = Number(url.searchParams.get('port') || url.port || 5432);
  return directory ? { path: `${directory}/.s.PGSQL.${port}` } : { host: url.hostname, port };
}

function listening(server: Server, port: number): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => resolve(server));
  return promise;
}
