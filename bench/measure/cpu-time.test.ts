import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuTime, cpuTimeOfFamily } from './cpu-time.ts';

/** By its own CPU time: on a busy machine a process gets only a share of the clock's. */
const busyFor = (ms: number) => `while (process.cpuUsage().user < ${ms} * 1000); console.log('done')`;

test.runIf(process.platform === 'linux')(
  'the CPU time of a process and of its children is told in milliseconds',
  async () => {
    const [own, family] = [await cpuTime(process.pid), await cpuTimeOfFamily(process.pid)];
    const child = spawn(process.execPath, ['-e', `${busyFor(300)}; process.stdin.resume()`]);
    try {
      await once(child.stdout, 'data');
      expect(await cpuTime(child.pid)).toBeGreaterThan(100);
      expect(await cpuTime(child.pid)).toBeLessThan(10_000);
      expect((await cpuTimeOfFamily(process.pid))! - family!).toBeGreaterThanOrEqual(
        (await cpuTime(process.pid))! - own! + 100,
      );
    } finally {
      child.kill();
    }
  },
);

test('a process that does not exist has none', async () => {
  expect([await cpuTime(undefined), await cpuTime(2 ** 30), await cpuTimeOfFamily(2 ** 30)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
