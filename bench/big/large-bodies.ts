import type { BenchProduct } from '../product/create-product.ts';
import { makeRuns } from '../product/run-bodies.ts';

const HUGE_TRACE_BYTES = 10_000_000;

/** A body of about so many bytes. */
interface LargeBody {
  what: string;
  make: (product: BenchProduct, bytes: number) => Buffer;
}

/** Text beyond Latin-1 takes a program that keeps texts in UTF-16 twice the memory. */
export const largeBodies: readonly LargeBody[] = [
  { what: 'ordinary runs', make: (product, bytes) => ordinaryRuns(product, bytes, '') },
  { what: 'ordinary runs, beyond Latin-1', make: (product, bytes) => ordinaryRuns(product, bytes, ' ✓') },
  { what: 'traces of 10 MB', make: (product, bytes) => hugeTraces(product, bytes, '') },
  { what: 'traces of 10 MB, beyond Latin-1', make: (product, bytes) => hugeTraces(product, bytes, ' ✓') },
];

/** As many runs as fit, each message with this at its end. */
function ordinaryRuns(product: BenchProduct, bytes: number, mark: string): Buffer {
  const body = Buffer.allocUnsafe(bytes);
  let length = body.write('[');
  for (let seed = 0; ; seed += 1) {
    for (const run of makeRuns(product, 500, seed)) {
      const text = `${length > 1 ? ',' : ''}${JSON.stringify({ ...run, RunnerMessage: run.RunnerMessage + mark })}`;
      if (length + Buffer.byteLength(text) + 1 > bytes) return body.subarray(0, length + body.write(']', length));
      length += body.write(text, length);
    }
  }
}

function hugeTraces(product: BenchProduct, bytes: number, mark: string): Buffer {
  const count = Math.max(1, Math.floor(bytes / (HUGE_TRACE_BYTES * 1.1)));
  const trace = hugeTrace(Math.min(HUGE_TRACE_BYTES, bytes / 2), mark);
  const runs = makeRuns(product, count, 0).map((run, at) => ({ ...run, RunnerStackTrace: `${at}\n${trace}` }));
  return Buffer.from(JSON.stringify(runs));
}

/** Returns a trace of about so many characters, each of its lines with this at its end. */
export function hugeTrace(length: number, mark = ''): string {
  const frame = `    at src/booking/seats/allocation.spec.ts:142:17${mark}\n`;
  return frame.repeat(length / frame.length);
}
