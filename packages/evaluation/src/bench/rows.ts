import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { StoredHeadline, StoredWindow } from '@afk/topics';

/** What stands for the database: frames of V8's serialisation, each after its length (uint32), some rows a frame. */
const ROWS_A_FRAME = 1000;

type Head = { examined: { story: string; items: number }[]; weighedAt: number };

export function writeRows(file: string, head: Head, rows: readonly StoredHeadline[]): void {
  const target = openSync(file, 'w');
  const write = (value: unknown): void => {
    const bytes = serialize(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    writeSync(target, length);
    writeSync(target, bytes);
  };
  write(head);
  for (let at = 0; at < rows.length; at += ROWS_A_FRAME) write(rows.slice(at, at + ROWS_A_FRAME));
  closeSync(target);
}

/** Frame by frame, as a cursor would: the file is never in memory as a whole. */
export function readRows(file: string): StoredWindow {
  const frames = framesOf(file);
  const head = frames.next().value as Head;
  return { ...head, headlines: rowsOf(frames) };
}

function* rowsOf(frames: Iterable<unknown>): Generator<StoredHeadline> {
  for (const frame of frames) yield* frame as StoredHeadline[];
}

function* framesOf(file: string): Generator<unknown> {
  const source = openSync(file, 'r');
  const length = Buffer.alloc(4);
  try {
    while (readSync(source, length) === 4) {
      const bytes = Buffer.alloc(length.readUInt32LE());
      readSync(source, bytes);
      yield deserialize(bytes);
    }
  } finally {
    closeSync(source);
  }
}
