import { Worker } from 'node:worker_threads';
import type { Codes, CodedQuery } from './codes.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { ScanJob } from './worker.ts';

/** A scan to be made by the worker. */
interface Waiting {
  codes: Codes;
  slots: number;
  query: CodedQuery;
  out: number;
  /** False when the worker failed and the scan was not made. */
  done: (made: boolean) => void;
}

/** More would make the first of them wait long for the last. */
const MAX_TOGETHER = 8;

/**
 * One worker thread, started when first needed, that scans while the event loop goes on. What waits for the same
 * rows when it becomes free is scanned together.
 */
export class ScanQueue {
  readonly #shared: SharedMemory;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #running: Waiting[] = [];

  constructor(shared: SharedMemory) {
    this.#shared = shared;
  }

  /** As `codes.scan`, elsewhere. Resolves with whether it was made. */
  scan(codes: Codes, query: CodedQuery, slots: number, out: number): Promise<boolean> {
    return new Promise((done) => {
      this.#waiting.push({ codes, query, slots, out, done });
      this.#next();
    });
  }

  #next(): void {
    const [first] = this.#waiting;
    if (this.#running.length > 0 || !first) return;
    const { codes } = first;
    this.#running = this.#waiting.filter((one) => one.codes === codes).slice(0, MAX_TOGETHER);
    this.#waiting = this.#waiting.filter((one) => !this.#running.includes(one));
    const scans = this.#running.map(({ query, out, slots }) => ({
      query,
      out,
      segments: codes.segmentsOf(slots),
    }));
    const layout = codes.layout(Math.max(...this.#running.map(({ slots }) => slots)));
    const job: ScanJob = { layout, scans };
    this.#worker ??= this.#start();
    // So that a process that waits for nothing but a scan does not end before it.
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, windows have
    this.#worker.postMessage(job);
  }

  #start(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: { memory: this.#shared.memory },
    });
    worker.on('message', () => this.#finish(worker, true));
    worker.once('error', () => {
      this.#worker = undefined;
      this.#finish(worker, false);
    });
    return worker;
  }

  #finish(worker: Worker, made: boolean): void {
    worker.unref();
    const ended = this.#running;
    this.#running = [];
    for (const { done } of ended) done(made);
    this.#next();
  }
}
