// A process that uses an embedded database, for tests that kill one: `node embedded-process.ts <directory> server|guest`.
// It prints one line when it is ready, and ends cleanly when its input ends.
import { startEmbedded } from '../../src/storage/engines/embedded.ts';

const [dataDirectory = '', role] = process.argv.slice(2);
const database = await startEmbedded({ dataDirectory, isServer: role === 'server' });
process.stdout.write(`${JSON.stringify({ adopted: database.adopted, connectionString: database.connectionString })}\n`);
process.stdin.resume();
process.stdin.on('end', async () => {
  await database.close();
  process.exit(0);
});
