import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the database that can be cut, made to swallow everything, and mended. */
export interface DatabaseProxy {
  connectionString: string;
  /** Breaks open connections and refuses new ones: both sides see it. */
  cut(): Promise<void>;
  /**
   * From now on nothing comes through and nobody is told, as when a firewall forgets its connections or a network
   * drops packets. Connections that are open, or opened meanwhile, stay so for ever, also when it is mended.
   */
  swallow(): void;
  /** New connections come through again. */
  mend(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Returns a proxy to the database behind a connection string, be it a port or the socket of an embedded one. */
export async function databaseProxy(connectionString: string): Promise<DatabaseProxy> {
  const target = addressOf(connectionString);
  const open = new Set<Socket>();
  const swallowed = new WeakSet<Socket>();
  let swallowsNew = false;
  const kept = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    return socket;
  };
  const accept = (client: Socket): void => {
    kept(client);
    if (swallowsNew) {
      swallow(client);
      return;
    }
    const upstream = kept(connect(target));
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.pipe(to);
      from.on('close', () => {
        // Whoever was swallowed does not learn that the other side has gone.
        if (!swallowed.has(from)) to.destroy();
      });
    }
  };
  const swallow = (socket: Socket): void => {
    swallowed.add(socket);
    socket.unpipe();
    socket.resume();
  };
  let server = await listening(createServer({ allowHalfOpen: true }, accept), 0);
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
  return {
    connectionString: throughPort(connectionString, port),
    cut,
    swallow: () => {
      swallowsNew = true;
      for (const socket of open) swallow(socket);
    },
    mend: async () => {
      swallowsNew = false;
      if (!server.listening) server = await listening(createServer({ allowHalfOpen: true }, accept), port);
    },
    close: async () => {
      if (server.listening) await cut();
      for (const socket of open) socket.destroy();
    },
  };
}

function throughPort(connectionString: string, port: number): string {
  const proxied = new URL(connectionString);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(port);
  proxied.searchParams.delete('host');
  proxied.searchParams.delete('port');
  return proxied.href;
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
