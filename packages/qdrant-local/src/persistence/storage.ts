import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from '../collection/collection.ts';
import type { FieldSchema, JsonObject } from '../types.ts';
import { CollectionLog } from './collection-log.ts';
import type { Warn } from './collection-log.ts';
import { replaceFile } from './files.ts';
import { lockDirectory } from './lock.ts';

/** A collection as the catalog has it; `folder` is its place under `collections/`. */
export interface CollectionEntry {
  folder: string;
  request: JsonObject;
  fields: { path: string; schema: FieldSchema }[];
}

/** Everything but the points: written whole at each change, so that several aliases move at once. */
export interface CatalogState {
  version: 1;
  collections: Record<string, CollectionEntry>;
  aliases: Record<string, string>;
}

/** A folder: `catalog.json`, `collections/<folder>/`, and a lock while it is open. */
export class Storage {
  readonly #path: string;
  readonly #warn: Warn;
  readonly #unlock: () => void;

  constructor(path: string, warn: Warn) {
    mkdirSync(join(path, 'collections'), { recursive: true });
    this.#path = path;
    this.#warn = warn;
    this.#unlock = lockDirectory(path);
  }

  readCatalog(): CatalogState {
    const path = join(this.#path, 'catalog.json');
    if (!existsSync(path)) return { version: 1, collections: {}, aliases: {} };
    const state = JSON.parse(readFileSync(path, 'utf8')) as CatalogState;
    if (state.version !== 1) throw new Error(`${path} is of another version of qdrant-local`);
    this.#removeOrphans(state);
    return state;
  }

  async writeCatalog(state: CatalogState): Promise<void> {
    await replaceFile(join(this.#path, 'catalog.json'), (handle) => handle.writeFile(JSON.stringify(state)));
  }

  async createLog(): Promise<{ folder: string; log: CollectionLog }> {
    const folder = randomUUID();
    return { folder, log: await CollectionLog.create(this.#directory(folder), this.#warn) };
  }

  openLog(folder: string, collection: Collection): Promise<CollectionLog> {
    return CollectionLog.open(this.#directory(folder), collection, this.#warn);
  }

  close(): void {
    this.#unlock();
  }

  #directory(folder: string): string {
    return join(this.#path, 'collections', folder);
  }

  /** Folders of collections whose creation or deletion was cut short. */
  #removeOrphans(state: CatalogState): void {
    const known = new Set(Object.values(state.collections).map((entry) => entry.folder));
    for (const folder of readdirSync(join(this.#path, 'collections'))) {
      if (!known.has(folder)) rmSync(this.#directory(folder), { recursive: true, force: true });
    }
  }
}
