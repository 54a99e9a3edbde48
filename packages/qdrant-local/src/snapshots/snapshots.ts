import { createReadStream } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Catalog } from '../catalog.ts';
import { badRequest, internalError } from '../errors.ts';
import type { Warn } from '../persistence/collection-log.ts';
import type { SnapshotSource } from '../request/snapshot.ts';
import { readSnapshot } from './format.ts';
import { checkFile, download, localFile } from './location.ts';
import { SnapshotStore } from './store.ts';
import type { SnapshotDescription } from './store.ts';

/** Snapshots of the catalog's collections, and collections out of snapshots. */
export class Snapshots {
  readonly #catalog: Catalog;
  readonly #store: SnapshotStore;
  readonly #warn: Warn;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Call when the catalog has the folder: what an earlier process left unfinished in it is removed. */
  constructor(catalog: Catalog, path: string | undefined, warn: Warn) {
    this.#catalog = catalog;
    this.#store = new SnapshotStore(path);
    this.#warn = warn;
  }

  list(collection: string): Promise<SnapshotDescription[]> {
    return this.#store.list(this.#own(collection));
  }

  async create(collection: string): Promise<SnapshotDescription> {
    const name = this.#own(collection);
    return this.#run((signal) => this.#store.create(name, this.#catalog.get(name), signal));
  }

  async remove(collection: string, name: string): Promise<true> {
    await this.#store.remove(this.#own(collection), name);
    return true;
  }

  /** The file's bytes and their number. */
  async read(collection: string, name: string): Promise<{ bytes: ReadStream; size: number }> {
    const own = this.#own(collection);
    const path = await this.#store.find(own, name);
    const found = (await this.#store.list(own)).find((snapshot) => snapshot.name === name);
    return { bytes: createReadStream(path), size: found?.size ?? 0 };
  }

  /** Makes the collection, or puts the snapshot's in its place. Throws, having changed nothing, where it cannot. */
  recover(collection: string, source: SnapshotSource): Promise<true> {
    return this.#run(async (signal) => {
      const { location, checksum, apiKey } = source;
      if (location.protocol === 'file:') {
        return this.#recoverFile(collection, await localFile(location), checksum, signal);
      }
      if (!/^https?:$/.test(location.protocol)) {
        const scheme = location.protocol.slice(0, -1);
        throw badRequest(`URL ${location.href} with scheme ${scheme} is not supported`);
      }
      return this.#withIncoming(async (path) => {
        await download(location, apiKey, path, signal);
        return this.#recoverFile(collection, path, checksum, signal, location.pathname);
      });
    });
  }

  /** As `recover`, out of a file that `receive` is to put at the path it is given. */
  upload(
    collection: string,
    checksum: string | undefined,
    receive: (path: string) => Promise<void>,
  ): Promise<true> {
    return this.#run((signal) =>
      this.#withIncoming(async (path) => {
        await receive(path);
        return this.#recoverFile(collection, path, checksum, signal, 'upload');
      }),
    );
  }

  /** For what nobody waits for: its failure is told to whoever runs the server. */
  inBackground(what: string, work: Promise<unknown>): void {
    work.catch((cause: unknown) => this.#warn(`${what}: ${cause instanceof Error ? cause.message : cause}`));
  }

  /** Breaks off what is under way, leaving everything as it was, and removes temporary files. */
  async close(): Promise<void> {
    this.#closing.abort(internalError('the server is shutting down'));
    await Promise.allSettled(this.#running);
    this.#store.close();
  }

  /** Throws the server's 404 where there is none of the name. */
  #own(collection: string): string {
    this.#catalog.get(collection);
    return this.#catalog.resolve(collection);
  }

  #run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#closing;
    const running = signal.aborted ? Promise.reject(signal.reason as Error) : work(signal);
    this.#running.add(running);
    const forget = (): boolean => this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  async #withIncoming<T>(work: (path: string) => Promise<T>): Promise<T> {
    const path = await this.#store.incoming();
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async #recoverFile(
    collection: string,
    path: string,
    checksum: string | undefined,
    signal: AbortSignal,
    what = path,
  ): Promise<true> {
    await checkFile(path, checksum, signal);
    const recovered = await readSnapshot(path, what, signal);
    try {
      await this.#catalog.replace(collection, recovered);
    } catch (cause) {
      recovered.dispose();
      throw cause;
    }
    return true;
  }
}
