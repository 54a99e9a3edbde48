// Packages that compile this source from outside would not see the ambient types otherwise.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./webassembly.d.ts" />
import { parentPort, workerData } from 'node:worker_threads';
import { scanSegments } from './codes.ts';
import type { CodedQuery, Layout } from './codes.ts';
import { instantiate } from './shared-memory.ts';
import type { Kernel } from './shared-memory.ts';

/** Scans for several queries over the rows of one vector, of which each takes so many segments. */
export interface ScanJob {
  layout: Layout;
  scans: { query: CodedQuery; out: number; segments: number }[];
}

/** Segment by segment, so that all queries find one in the cache. */
function run(kernel: Kernel, { layout, scans }: ScanJob): void {
  layout.segments.forEach((address, position) => {
    const one = { ...layout, segments: [address] };
    for (const { query, out, segments } of scans) {
      if (position < segments) scanSegments(kernel, { ...one, query, out: out + position * layout.rows * 4 });
    }
  });
}

if (parentPort) {
  const port = parentPort;
  const kernel = instantiate((workerData as { memory: WebAssembly.Memory }).memory);
  port.on('message', (job: ScanJob) => {
    run(kernel, job);
    port.postMessage(true);
  });
}
