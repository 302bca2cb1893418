import { expect, test } from 'vitest';
import { AnswerWatch, type Verdict, type Watched } from './answer-watch.ts';

class Connection implements Watched {
  dropped: string | undefined;
  since: number | undefined;
  readonly processID: number;

  constructor(processID: number, since?: number) {
    this.processID = processID;
    this.since = since;
  }

  silentSince(): number | undefined {
    return this.since;
  }

  drop(reason: Error): void {
    this.dropped = reason.message;
  }
}

const longAgo = () => performance.now() - 60_000;

function watching(connections: readonly Connection[], ask: (asked: readonly number[]) => Promise<Verdict>) {
  const watch = new AnswerWatch({ ask, everyMs: 3_600_000 });
  for (const connection of connections) watch.add(connection);
  return watch;
}

test('a connection that waits for an unreachable database is dropped, one that does not wait is not', async () => {
  const [waiting, idle, fresh] = [
    new Connection(1, longAgo()),
    new Connection(2),
    new Connection(3, performance.now()),
  ];
  await watching([waiting, idle, fresh], async () => ({ kind: 'unreachable' })).look();
  expect(waiting.dropped).toContain('no answer');
  expect([idle.dropped, fresh.dropped]).toEqual([undefined, undefined]);
});

test('a statement that is being worked on is left alone however long it takes', async () => {
  const [long, lost] = [new Connection(1, longAgo()), new Connection(2, longAgo())];
  await watching([long, lost], async () => ({ kind: 'known', busy: new Set([1]) })).look();
  expect(long.dropped).toBeUndefined();
  expect(lost.dropped).toContain('no answer');
});

test('nothing is dropped when the database cannot say', async () => {
  const long = new Connection(1, longAgo());
  await watching([long], async () => ({ kind: 'unknown' })).look();
  expect(long.dropped).toBeUndefined();
});

test('an answer that comes while the database is asked saves the connection', async () => {
  const late = new Connection(1, longAgo());
  const watch = watching([late], async () => {
    late.since = undefined;
    return { kind: 'unreachable' };
  });
  await watch.look();
  expect(late.dropped).toBeUndefined();
});

test('the database is asked about silent connections only, and not at all when there are none', async () => {
  const asked: (readonly number[])[] = [];
  const silent = new Connection(7, longAgo());
  const watch = watching([silent, new Connection(8)], async (processIds) => {
    asked.push(processIds);
    return { kind: 'unknown' };
  });
  await watch.look();
  watch.remove(silent);
  await watch.look();
  expect(asked).toEqual([[7]]);
});
