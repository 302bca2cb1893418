import { parseArgs } from 'node:util';
import { benchIngest } from './ingest.ts';

const suites: Record<string, (options: { seconds: number; rounds: number }) => Promise<void>> = { ingest: benchIngest };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' } },
});
const asked = positionals.length > 0 ? positionals : Object.keys(suites);
for (const name of asked) {
  const suite = suites[name];
  if (!suite) throw new Error(`There is no suite ${name}; there are: ${Object.keys(suites).join(', ')}`);
  await suite({ seconds: Number(values.seconds), rounds: Number(values.rounds) });
}
