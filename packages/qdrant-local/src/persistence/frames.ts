import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** First bytes of every log and snapshot; the digit is the version of the format. */
export const MAGIC = Buffer.from('QDRLOG1\n');
const HEADER_BYTES = 8;

/** A record with its length and checksum (u32 each, little-endian) before it. */
export function frame(record: Buffer): Buffer[] {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(record.length, 0);
  header.writeUInt32LE(crc32(record), 4);
  return [header, record];
}

/** Undefined where the file ends before. */
export function readAt(fd: number, position: number, length: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const bytes = readSync(fd, buffer, read, length - read, position + read);
    if (bytes === 0) return undefined;
    read += bytes;
  }
  return buffer;
}

/**
 * Each whole record of a log of `size` bytes. Returns the position after the last one: short of `size` where the
 * file ends in a record that was not written to its end (or not at all, as zeros after a power cut). Throws when
 * the file is not one of ours.
 */
export function* readFrames(fd: number, size: number): Generator<Buffer, number> {
  if (size < MAGIC.length) return 0;
  const magic = readAt(fd, 0, MAGIC.length);
  if (!magic?.equals(MAGIC)) throw new Error('not a log of this version of qdrant-local');
  return yield* readRecords(fd, MAGIC.length, size);
}

/** As `readFrames`, of records that begin at `start`. */
export function* readRecords(fd: number, start: number, size: number): Generator<Buffer, number> {
  let position = start;
  while (position + HEADER_BYTES <= size) {
    const header = readAt(fd, position, HEADER_BYTES) as Buffer;
    const length = header.readUInt32LE(0);
    const end = position + HEADER_BYTES + length;
    if (length === 0 || end > size) break;
    const record = readAt(fd, position + HEADER_BYTES, length);
    if (!record || crc32(record) !== header.readUInt32LE(4)) break;
    yield record;
    position = end;
  }
  return position;
}
