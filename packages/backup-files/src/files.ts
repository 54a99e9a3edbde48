import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileEntry } from './manifest.ts';

/** A name as that of a file: letters, digits, `_`, `-` and `.`, the rest as `%` and two digits. */
export const fileNameOf = (name: string): string =>
  encodeURIComponent(name).replaceAll(
    /^\.|[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Writes a text that outlives a power cut once this resolves. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes renames and new files in a folder outlive a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Streams into a file of a backup, durably, whatever its size.
 *
 * @param root the backup's folder
 * @param path below it
 * @param through between the source and the file, such as a compressor
 */
export async function writeEntry(
  root: string,
  path: string,
  source: Readable,
  signal: AbortSignal,
  ...through: NodeJS.ReadWriteStream[]
): Promise<FileEntry> {
  const target = join(root, path);
  // What is said and known is nobody's business; Redis' part is read by Redis, which is another user.
  await mkdir(dirname(target), { recursive: true, mode: path.startsWith('redis/') ? 0o755 : 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const count = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  const file = createWriteStream(target, { mode: 0o644, flush: true });
  await pipeline([source, ...through, count, file], { signal });
  return { path, bytes, sha256: hash.digest('hex') };
}

/** The SHA-256 of a file and its size. */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
