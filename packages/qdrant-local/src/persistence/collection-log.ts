import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection } from '../collection/collection.ts';
import type { Change, PointId } from '../types.ts';
import { decodeChange, encodeChange } from './codec.ts';
import { replaceFile, syncDirectory } from './files.ts';
import { frame, MAGIC, readFrames } from './frames.ts';
import { Journal } from './journal.ts';

/*
 * A collection's folder holds generations: `<n>.snapshot`, the state when `<n>.log` was begun, and the logs from
 * there on. A snapshot is written while changes go on: it may hold later states than its log's beginning, which
 * does no harm, since records carry whole states and are all replayed over it.
 */

const SNAPSHOT_POINTS = 500;
const MIN_COMPACT_BYTES = 16 * 1024 * 1024;

export type Warn = (message: string) => void;

interface Generations {
  snapshot: number | undefined;
  logs: number[];
}

const logName = (generation: number): string => `${generation}.log`;
const snapshotName = (generation: number): string => `${generation}.snapshot`;

function listGenerations(directory: string): Generations {
  const found = readdirSync(directory).flatMap((name) => {
    const parts = /^(\d+)\.(log|snapshot)$/.exec(name);
    return parts ? [{ generation: Number(parts[1]), kind: parts[2] }] : [];
  });
  const numbers = (kind: string): number[] =>
    found
      .filter((file) => file.kind === kind)
      .map((file) => file.generation)
      .sort((a, b) => a - b);
  const snapshot = numbers('snapshot').at(-1);
  return { snapshot, logs: numbers('log').filter((generation) => generation >= (snapshot ?? 0)) };
}

/** A log is created before the one that it follows gets its last records, and written to only after. */
const isUnused = (path: string): boolean => statSync(path).size <= MAGIC.length;

/** Applies a file's records, with a turn for others after each, and returns where they end. */
async function applyAll(fd: number, size: number, apply: (change: Change) => void): Promise<number> {
  const records = readFrames(fd, size);
  for (;;) {
    const { value, done } = records.next();
    if (done) return value;
    apply(decodeChange(value));
    await nextTurn();
  }
}

/** Replays one file and returns its size. `last`: the file being written when the process ended may be torn. */
async function replay(
  path: string,
  last: boolean,
  apply: (change: Change) => void,
  warn: Warn,
): Promise<number> {
  const fd = openSync(path, last ? 'r+' : 'r');
  try {
    const { size } = fstatSync(fd);
    const end = await applyAll(fd, size, apply).catch((cause: unknown) => {
      throw new Error(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    });
    if (end === size && size > 0) return size;
    if (!last) throw new Error(`${path} is damaged at byte ${end} of ${size}`);
    warn(
      `${path}: the last ${size - end} bytes are not a whole record (the process ended while writing); cut`,
    );
    ftruncateSync(fd, end);
    fsyncSync(fd);
    return end;
  } finally {
    closeSync(fd);
  }
}

/** A collection's changes on disk. */
export class CollectionLog {
  readonly #directory: string;
  readonly #warn: Warn;
  readonly #journal: Journal;
  #generation: number;
  #snapshotBytes = 0;
  /** Of logs before the current one that no snapshot covers, since the process ended before it was whole. */
  #olderBytes = 0;
  #compacting: Promise<void> | undefined;

  private constructor(directory: string, journal: Journal, generation: number, warn: Warn) {
    this.#directory = directory;
    this.#journal = journal;
    this.#generation = generation;
    this.#warn = warn;
  }

  /** The folder of a new collection. */
  static async create(directory: string, warn: Warn): Promise<CollectionLog> {
    await mkdir(directory, { recursive: true });
    await syncDirectory(dirname(directory));
    return new CollectionLog(directory, await Journal.create(join(directory, logName(0))), 0, warn);
  }

  /** Replays a collection's folder into `collection`, and goes on from there. */
  static async open(directory: string, collection: Collection, warn: Warn): Promise<CollectionLog> {
    const { snapshot, logs } = listGenerations(directory);
    const apply = (change: Change): void => collection.apply(change);
    let snapshotBytes = 0;
    if (snapshot !== undefined) {
      snapshotBytes = await replay(join(directory, snapshotName(snapshot)), false, apply, warn);
    }
    let size = 0;
    let allBytes = 0;
    for (const [position, generation] of logs.entries()) {
      const last = logs.slice(position + 1).every((later) => isUnused(join(directory, logName(later))));
      size = await replay(join(directory, logName(generation)), last, apply, warn);
      allBytes += size;
    }
    const generation = logs.at(-1);
    if (generation === undefined) throw new Error(`${directory} has no log`);
    const log = new CollectionLog(directory, await resume(directory, generation, size), generation, warn);
    log.#snapshotBytes = snapshotBytes;
    log.#olderBytes = allBytes - size;
    await log.#removeOlder(snapshot ?? 0);
    return log;
  }

  append(change: Change): void {
    this.#journal.append(encodeChange(change));
  }

  /** Resolves when all changes appended so far are on disk. */
  sync(): Promise<void> {
    return this.#journal.sync();
  }

  /** Begins a snapshot in the background once the log outgrows it. */
  compactIfLarge(collection: Collection): void {
    const bytes = this.#journal.bytes + this.#olderBytes;
    if (this.#compacting || bytes < Math.max(MIN_COMPACT_BYTES, this.#snapshotBytes)) return;
    this.#compacting = this.compact(collection)
      .catch((cause: unknown) => this.#warn(`${this.#directory}: no snapshot: ${String(cause)}`))
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  /** Writes a snapshot, after which the logs before it are removed. */
  async compact(collection: Collection): Promise<void> {
    const generation = this.#generation + 1;
    this.#generation = generation;
    await this.#journal.rotate(join(this.#directory, logName(generation)));
    let bytes = 0;
    await replaceFile(join(this.#directory, snapshotName(generation)), async (handle) => {
      await handle.appendFile(MAGIC);
      for (const change of snapshotChanges(collection)) {
        const record = encodeChange(change);
        bytes += record.length;
        await handle.appendFile(Buffer.concat(frame(record)));
        await nextTurn();
      }
    });
    this.#snapshotBytes = bytes;
    this.#olderBytes = 0;
    await this.#removeOlder(generation);
  }

  async close(): Promise<void> {
    await this.#compacting;
    await this.#journal.close();
  }

  async remove(): Promise<void> {
    await this.close().catch((cause: unknown) => this.#warn(`${this.#directory}: ${String(cause)}`));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #removeOlder(generation: number): Promise<void> {
    const older = readdirSync(this.#directory).filter(
      (name) => name.endsWith('.tmp') || Number.parseInt(name, 10) < generation,
    );
    for (const name of older) await rm(join(this.#directory, name), { force: true });
  }
}

/** A log cut back to nothing has lost even its first bytes, and is begun anew. */
async function resume(directory: string, generation: number, size: number): Promise<Journal> {
  const path = join(directory, logName(generation));
  if (size > 0) return Journal.resume(path, size);
  await rm(path);
  return Journal.create(path);
}

/** The collection in upserts of some points each; each chunk is the state when it is asked for. */
function* snapshotChanges(collection: Collection): Generator<Change> {
  const ids: PointId[] = [...collection.points.ids()];
  // The number of the last operation, which no point may carry (a deletion).
  yield { op: 'delete', version: collection.version, ids: [] };
  for (let start = 0; start < ids.length; start += SNAPSHOT_POINTS) {
    const points = ids.slice(start, start + SNAPSHOT_POINTS).flatMap((id) => {
      const slot = collection.points.slotOf(id);
      return slot === undefined ? [] : [collection.pointAt(slot)];
    });
    if (points.length > 0) yield { op: 'upsert', points };
  }
}
