import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { badInput, badRequest, QdrantError } from '../errors.ts';

/** SHA-256 of a file, in hexadecimal. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

/** Throws the server's 400 where a file is not the one that was meant. */
export async function checkFile(
  path: string,
  checksum: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (checksum === undefined) return;
  const actual = await hashFile(path, signal);
  if (actual === checksum.toLowerCase()) return;
  throw new QdrantError(400, `Checksum mismatch: expected ${checksum}, actual ${actual}`);
}

/** The path of a `file://` location of a file that is there. */
export async function localFile(location: URL): Promise<string> {
  let path: string;
  try {
    path = fileURLToPath(location);
  } catch {
    throw badRequest('Invalid snapshot URI, file path must be absolute or on localhost');
  }
  const found = await stat(path).catch(() => undefined);
  if (!found) throw badRequest(`Snapshot file "${path}" does not exist`);
  if (!found.isFile()) throw badRequest(`Snapshot file "${path}" is not a file`);
  return path;
}

/** A connection that could not be made says so in its cause. */
const reasonOf = (cause: unknown): string => {
  const { message, cause: deeper } = cause as Error;
  return deeper instanceof Error ? `${message} (${deeper.message})` : message;
};

/** Puts what a `http(s)://` location answers into a file. A key is not taken along to another place. */
export async function download(
  location: URL,
  apiKey: string | undefined,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const failed = (reason: string): QdrantError =>
    badInput(`Failed to download snapshot from ${location.origin}${location.pathname}: ${reason}`);
  try {
    const response = await fetch(location, {
      signal,
      ...(apiKey !== undefined && { headers: { 'api-key': apiKey }, redirect: 'error' }),
    });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw failed(`status ${response.status}`);
    }
    await pipeline(response.body, createWriteStream(path), { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof QdrantError ? cause : failed(reasonOf(cause));
  }
}
