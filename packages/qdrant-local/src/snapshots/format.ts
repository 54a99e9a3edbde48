import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Collection } from '../collection/collection.ts';
import { badInput, QdrantError } from '../errors.ts';
import { parsePath } from '../payload/json-path.ts';
import { decodeChange, encodeChange } from '../persistence/codec.ts';
import { frame, readAt, readRecords } from '../persistence/frames.ts';
import { readCollectionConfig } from '../request/collection-config.ts';
import type { FieldSchema, JsonObject } from '../types.ts';

/*
 * A snapshot file: MAGIC, then records with their lengths and checksums, as in a log. The first is a JSON header,
 * the others are changes that make the collection anew. A file that ends early has fewer points than its header
 * says.
 */

/** The digit is the version of the format. */
const MAGIC = Buffer.from('QDRSNP1\n');
const RECORD_POINTS = 500;
/** Where a tar archive, as Qdrant's snapshots are, says that it is one (POSIX.1-1988 ustar). */
const TAR_MARK = { at: 257, text: 'ustar' };

interface Header {
  request: JsonObject;
  fields: { path: string; schema: FieldSchema }[];
  points: number;
}

const headerOf = ({ config, fields }: Collection, points: number): Header => ({
  request: config.request,
  fields: Array.from(fields, ([path, { schema }]) => ({ path, schema })),
  points,
});

/**
 * Writes the collection as it is at the call, letting others have their turns; later changes are not in it.
 * Resolves with the SHA-256 of what it wrote, in hexadecimal. Throws the signal's reason when that is aborted.
 */
export function writeSnapshot(
  collection: Collection,
  handle: FileHandle,
  signal: AbortSignal,
): Promise<string> {
  return collection.atOnce(async (instant) => {
    const hash = createHash('sha256');
    const write = async (parts: Buffer[]): Promise<void> => {
      const bytes = Buffer.concat(parts);
      hash.update(bytes);
      await handle.appendFile(bytes);
    };
    const header = Buffer.from(JSON.stringify(headerOf(collection, instant.size)));
    await write([MAGIC, ...frame(header)]);
    // The number of the last operation, which no point may carry (a deletion).
    await write(frame(encodeChange({ op: 'delete', version: instant.version, ids: [] })));
    for (const points of instant.read(RECORD_POINTS)) {
      signal.throwIfAborted();
      await write(frame(encodeChange({ op: 'upsert', points })));
      await nextTurn();
    }
    return hash.digest('hex');
  });
}

function checkMagic(fd: number): void {
  if (readAt(fd, 0, MAGIC.length)?.equals(MAGIC)) return;
  const mark = readAt(fd, TAR_MARK.at, TAR_MARK.text.length);
  throw badInput(
    mark?.toString('latin1') === TAR_MARK.text
      ? 'this is a tar archive, as snapshots of Qdrant are; qdrant-local recovers only its own'
      : 'this is no snapshot of this version of qdrant-local',
  );
}

/** An empty collection, its payload indexes made: points are indexed as they come. */
function readHeader(record: Buffer): { collection: Collection; points: number } {
  const { request, fields, points } = JSON.parse(record.toString()) as Header;
  const collection = new Collection(readCollectionConfig(request));
  for (const { path, schema } of fields) collection.createField(parsePath(path), schema);
  return { collection, points };
}

/** Applies all records, with a turn for others after each. */
async function applyAll(fd: number, signal: AbortSignal): Promise<Collection> {
  const { size } = fstatSync(fd);
  const records = readRecords(fd, MAGIC.length, size);
  const first = records.next();
  if (first.done) throw badInput(`it is damaged at byte ${first.value} of ${size}`);
  const { collection, points } = readHeader(first.value);
  try {
    for (;;) {
      const { value, done } = records.next();
      if (done && value === size && collection.points.size === points) return collection;
      if (done) {
        const what = value === size ? `cut off: ${collection.points.size} of ${points} points` : 'damaged';
        throw badInput(`it is ${what} at byte ${value} of ${size}`);
      }
      collection.apply(decodeChange(value));
      await nextTurn();
      signal.throwIfAborted();
    }
  } catch (cause) {
    collection.dispose();
    throw cause;
  }
}

/**
 * Makes the collection that a snapshot file holds. Throws a 400 that names `what` where the file is damaged, cut
 * off or not one of ours, and the signal's reason when that is aborted.
 */
export async function readSnapshot(path: string, what: string, signal: AbortSignal): Promise<Collection> {
  const fd = openSync(path, 'r');
  try {
    checkMagic(fd);
    return await applyAll(fd, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof QdrantError ? cause.message.replace('Wrong input: ', '') : String(cause);
    throw badInput(`Snapshot ${what} cannot be recovered: ${reason}`);
  } finally {
    closeSync(fd);
  }
}
