import type { Redis } from 'ioredis';
import { Batcher } from '../batcher.ts';
import type { Sealed } from '../envelope.ts';
import { emit } from './lua/emit.ts';
import type { Names } from './names.ts';
import { runScript } from './run.ts';

/** How many ids of an emitter are remembered at least, so that a repeated emit is left out. */
const SEEN_IDS = 100_000;
/** And for how long at most, seconds. */
const SEEN_TTL_S = 24 * 3600;
/** Events written by one script call, at most. */
const BATCH = 256;

type Waiting = { event: Sealed; resolve(fresh: number): void; reject(error: Error): void };

/** Writes the events of emitters to their streams: those that come at the same time in one step. */
export class RedisEmitter {
  private readonly redis: Redis;
  private readonly names: Names;
  private readonly batchers = new Map<string, Batcher<Waiting>>();

  constructor(redis: Redis, names: Names) {
    this.redis = redis;
    this.names = names;
  }

  /** @returns how many were new. @throws Unavailable where nobody knows: emit the same events again */
  async emit(emitter: string, events: readonly Sealed[]): Promise<number> {
    const batcher = this.batcherOf(emitter);
    const written = events.map(
      (event) => new Promise<number>((resolve, reject) => batcher.add({ event, resolve, reject })),
    );
    if (written.length === 1) return written[0]!;
    return (await Promise.all(written)).reduce((sum, n) => sum + n, 0);
  }

  private batcherOf(emitter: string): Batcher<Waiting> {
    let batcher = this.batchers.get(emitter);
    if (!batcher) {
      batcher = new Batcher({ flush: (batch) => this.write(emitter, batch), size: BATCH, depth: 2 });
      this.batchers.set(emitter, batcher);
    }
    return batcher;
  }

  private async write(emitter: string, batch: readonly Waiting[]): Promise<Waiting[]> {
    const args: (string | number)[] = [this.names.channel(emitter), SEEN_IDS, SEEN_TTL_S];
    for (const { event } of batch) args.push(event.id, event.json);
    try {
      const keys = [this.names.stream(emitter), ...this.names.seen(emitter)];
      const fresh = (await runScript(this.redis, emit, keys, args)) as number[];
      for (const [i, waiting] of batch.entries()) waiting.resolve(fresh[i]!);
    } catch (error) {
      // Whoever emits decides whether to try again.
      for (const waiting of batch) waiting.reject(error as Error);
    }
    return [];
  }
}
