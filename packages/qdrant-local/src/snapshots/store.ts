import { createHash, randomInt, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Collection } from '../collection/collection.ts';
import { notFound } from '../errors.ts';
import { replaceFile } from '../persistence/files.ts';
import { writeSnapshot } from './format.ts';

const SUFFIX = '.snapshot';
const CHECKSUM = '.checksum';
/** Of a file's or folder's name, so that what is added to it stays below the 255 bytes of most file systems. */
const NAME_BYTES = 160;
/** Snapshots of one second differ by it. */
const NUMBERS = 2 ** 47;

/** As the server describes a snapshot. */
export interface SnapshotDescription {
  name: string;
  /** UTC, to the second, without a zone. */
  creation_time: string;
  /** Bytes. */
  size: number;
  /** SHA-256 in hexadecimal. */
  checksum: string | null;
}

/** Seconds, as in `2026-11-21T15:20:11`. */
const second = (time: Date): string => time.toISOString().slice(0, 19);

/** A collection's name as that of a folder: characters that a path may not have, and `.` and `..`, escaped. */
function folderName(collection: string): string {
  const escaped = encodeURIComponent(collection).replaceAll('.', '%2E');
  if (escaped.length <= NAME_BYTES) return escaped;
  return `sha256-${createHash('sha256').update(collection).digest('hex')}`;
}

function newName(collection: string): string {
  let start = collection;
  while (Buffer.byteLength(start) > NAME_BYTES) start = start.slice(0, -1);
  const time = second(new Date()).replaceAll(/[T:]/g, '-');
  return `${start.toWellFormed()}-${randomInt(NUMBERS)}-${time}${SUFFIX}`;
}

async function describe(folder: string, name: string): Promise<SnapshotDescription> {
  const path = join(folder, name);
  const { size, mtime } = await stat(path);
  const checksum = await readFile(path + CHECKSUM, 'utf8').catch(() => null);
  return { name, creation_time: second(mtime), size, checksum };
}

const isMissing = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === 'ENOENT';

/** Snapshot files: a folder a collection, each file beside its checksum. */
export class SnapshotStore {
  #root: string | undefined;
  readonly #temporary: boolean;

  /** Without a path, files lie in a temporary folder that `close` removes. */
  constructor(path: string | undefined) {
    this.#temporary = path === undefined;
    if (path === undefined) return;
    this.#root = join(path, 'snapshots');
    this.#removeLeftovers(this.#root);
  }

  /** Oldest first. */
  async list(collection: string): Promise<SnapshotDescription[]> {
    const folder = this.#folder(collection);
    const names = await readdir(folder).catch((cause: unknown) => {
      if (isMissing(cause)) return [];
      throw cause;
    });
    const snapshots = names.filter((name) => name.endsWith(SUFFIX));
    const found = await Promise.all(snapshots.map((name) => describe(folder, name)));
    const key = ({ creation_time: time, name }: SnapshotDescription): string => `${time} ${name}`;
    return found.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  /** Writes one; it is there whole, and after a power cut too, or not at all. */
  async create(name: string, collection: Collection, signal: AbortSignal): Promise<SnapshotDescription> {
    const folder = this.#folder(name);
    const snapshot = newName(name);
    const path = join(folder, snapshot);
    await mkdir(folder, { recursive: true });
    try {
      await replaceFile(path, async (handle) => {
        await writeFile(path + CHECKSUM, await writeSnapshot(collection, handle, signal));
      });
    } catch (cause) {
      for (const suffix of ['.tmp', CHECKSUM]) await rm(path + suffix, { force: true });
      throw cause;
    }
    return describe(folder, snapshot);
  }

  /** Where a snapshot lies. Throws the server's 404. */
  async find(collection: string, name: string): Promise<string> {
    // Looked for among those there are, so that no name leads out of the folder.
    const known = await this.list(collection);
    if (!known.some((snapshot) => snapshot.name === name)) throw notFound(`Snapshot ${name} not found`);
    return join(this.#folder(collection), name);
  }

  async remove(collection: string, name: string): Promise<void> {
    const path = await this.find(collection, name);
    await rm(path);
    await rm(path + CHECKSUM, { force: true });
  }

  /** A path for what comes in, for the caller to remove. */
  async incoming(): Promise<string> {
    const folder = join(this.#folders(), 'incoming');
    await mkdir(folder, { recursive: true });
    return join(folder, randomUUID());
  }

  close(): void {
    if (this.#temporary && this.#root) rmSync(this.#root, { recursive: true, force: true });
  }

  #folders(): string {
    return (this.#root ??= mkdtempSync(join(tmpdir(), 'qdrant-local-snapshots-')));
  }

  #folder(collection: string): string {
    // A folder below, since a collection may be called `incoming`.
    return join(this.#folders(), 'collections', folderName(collection));
  }

  /** Of a process that ended while it wrote. */
  #removeLeftovers(root: string): void {
    rmSync(join(root, 'incoming'), { recursive: true, force: true });
    const collections = join(root, 'collections');
    if (!existsSync(collections)) return;
    for (const folder of readdirSync(collections)) {
      const names = readdirSync(join(collections, folder));
      const wanted = (name: string): boolean =>
        name.endsWith(SUFFIX) || (name.endsWith(CHECKSUM) && names.includes(name.slice(0, -CHECKSUM.length)));
      for (const name of names) if (!wanted(name)) rmSync(join(collections, folder, name), { force: true });
    }
  }
}
