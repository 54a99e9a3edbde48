import { Collection } from './collection/collection.ts';
import { alreadyExists, badInput, notFound } from './errors.ts';
import { parsePath } from './payload/json-path.ts';
import type { CollectionLog, Warn } from './persistence/collection-log.ts';
import { Storage } from './persistence/storage.ts';
import type { CatalogState, CollectionEntry } from './persistence/storage.ts';
import { readCollectionConfig } from './request/collection-config.ts';
import type { CollectionConfig } from './request/collection-config.ts';
import type { AliasAction } from './request/aliases.ts';
import type { Change, FieldSchema, JsonObject } from './types.ts';

interface Entry {
  collection: Collection;
  folder: string;
  log: CollectionLog | undefined;
}

const fieldsOf = (collection: Collection): CollectionEntry['fields'] =>
  Array.from(collection.fields, ([path, { schema }]) => ({ path, schema }));

/** Collections and aliases by name, in memory and, with a storage, on disk. */
export class Catalog {
  readonly #collections = new Map<string, Entry>();
  #aliases = new Map<string, string>();
  readonly #storage: Storage | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(storage: Storage | undefined) {
    this.#storage = storage;
  }

  /** Without a path, nothing is kept. Throws when the folder is in use or damaged. */
  static async open(path: string | undefined, warn: Warn): Promise<Catalog> {
    const storage = path === undefined ? undefined : new Storage(path, warn);
    const catalog = new Catalog(storage);
    try {
      if (storage) await catalog.#load(storage);
    } catch (cause) {
      await catalog.close().catch(() => undefined);
      throw cause;
    }
    return catalog;
  }

  names(): string[] {
    return [...this.#collections.keys()];
  }

  /** Alias and collection, in order of alias. */
  aliases(): { alias_name: string; collection_name: string }[] {
    return Array.from(this.#aliases, ([alias_name, collection_name]) => ({
      alias_name,
      collection_name,
    })).sort((a, b) => (a.alias_name < b.alias_name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.#collections.has(this.resolve(name));
  }

  /** The collection's own name, whether it is given that or an alias. */
  resolve(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  get(name: string): Collection {
    return this.#entry(name).collection;
  }

  create(name: string, config: CollectionConfig): Promise<void> {
    return this.#exclusively(async () => {
      this.#checkFree(name);
      if (this.#aliases.has(name)) {
        throw badInput(`Can't create collection with name ${name}. Alias with the same name already exists`);
      }
      const { folder = '', log } = (await this.#storage?.createLog()) ?? {};
      this.#collections.set(name, { collection: new Collection(config), folder, log });
      await this.#save();
    });
  }

  /**
   * Changes settings of a collection. Those that this package acts on can change in place: whether a sparse
   * vector is weighed by IDF.
   */
  update(name: string, merge: (config: CollectionConfig) => JsonObject): Promise<void> {
    return this.#exclusively(async () => {
      const { config } = this.get(name);
      const changed = readCollectionConfig(merge(config));
      for (const [vector, { idf }] of changed.sparse) {
        const params = config.sparse.get(vector);
        if (params) params.idf = idf;
      }
      config.request = changed.request;
      await this.#save();
    });
  }

  /** False when there is no collection of that name; an alias is not one. */
  delete(name: string): Promise<boolean> {
    return this.#exclusively(async () => {
      const entry = this.#collections.get(name);
      if (!entry) return false;
      this.#collections.delete(name);
      this.#aliases = new Map([...this.#aliases].filter(([, target]) => target !== name));
      await this.#save();
      await entry.log?.remove();
      entry.collection.dispose();
      return true;
    });
  }

  /**
   * Puts a collection under a name or alias, in the place of the one that has it. Whoever looks meanwhile, and
   * whoever opens the folder after a crash, finds the one or the other whole.
   */
  async replace(name: string, collection: Collection): Promise<void> {
    this.#checkReplacing(name, collection);
    const { folder = '', log } = (await this.#storage?.createLog()) ?? {};
    try {
      await log?.compact(collection);
    } catch (cause) {
      await log?.remove();
      throw cause;
    }
    try {
      await this.#exclusively(() => this.#swap(name, { collection, folder, log }));
    } catch (cause) {
      // Not removed: a catalog whose writing failed may name it all the same. If not, it goes at the next start.
      await log?.close();
      throw cause;
    }
  }

  /** All of the actions or, when one is wrong, none. Searches see either the old aliases or the new. */
  changeAliases(actions: AliasAction[]): Promise<void> {
    return this.#exclusively(async () => {
      const aliases = new Map(this.#aliases);
      for (const action of actions) this.#changeAlias(aliases, action);
      this.#aliases = aliases;
      await this.#save();
    });
  }

  /** Applies a change and appends it to the log; with `wait`, resolves when it is on disk. */
  async write(name: string, change: Change, wait: boolean): Promise<void> {
    const { collection, log } = this.#entry(name);
    // Logged first: a log that takes no more must refuse before memory has what the disk never will.
    log?.append(change);
    collection.apply(change);
    log?.compactIfLarge(collection);
    if (wait) await log?.sync();
  }

  createField(name: string, path: string, schema: FieldSchema): Promise<void> {
    return this.#exclusively(async () => {
      this.get(name).createField(parsePath(path), schema);
      await this.#save();
    });
  }

  deleteField(name: string, path: string): Promise<void> {
    return this.#exclusively(async () => {
      if (this.get(name).deleteField(parsePath(path))) await this.#save();
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    try {
      for (const { log } of this.#collections.values()) await log?.close();
    } finally {
      for (const { collection } of this.#collections.values()) collection.dispose();
      this.#storage?.close();
    }
  }

  #entry(name: string): Entry {
    const entry = this.#collections.get(this.resolve(name));
    if (!entry) throw notFound(`Collection \`${name}\` doesn't exist!`);
    return entry;
  }

  async #swap(name: string, entry: Entry): Promise<void> {
    this.#checkReplacing(name, entry.collection);
    const own = this.resolve(name);
    const old = this.#collections.get(own);
    this.#collections.set(own, entry);
    try {
      await this.#save();
    } catch (cause) {
      if (old) this.#collections.set(own, old);
      else this.#collections.delete(own);
      throw cause;
    }
    old?.collection.dispose();
    // What is left of it goes at the next start; the new one is in place all the same.
    await old?.log?.remove().catch(() => undefined);
  }

  /** As on the server, a collection is replaced by one of the same dense vectors only. */
  #checkReplacing(name: string, { config }: Collection): void {
    const old = this.#collections.get(this.resolve(name))?.collection.config.dense;
    if (!old) return;
    const show = (vectors: CollectionConfig['dense']): string =>
      JSON.stringify(Object.fromEntries([...vectors].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    if (show(old) === show(config.dense)) return;
    const both = `Collection vectors: ${show(old)} Snapshot Vectors: ${show(config.dense)}`;
    throw badInput(`Snapshot is not compatible with existing collection: ${both}`);
  }

  #checkFree(name: string): void {
    if (this.#collections.has(name)) throw alreadyExists(`Collection \`${name}\` already exists!`);
  }

  #changeAlias(aliases: Map<string, string>, action: AliasAction): void {
    if (action.kind === 'create') {
      if (!this.#collections.has(action.collection)) {
        throw notFound(`Collection \`${action.collection}\` doesn't exist!`);
      }
      this.#checkFree(action.alias);
      aliases.set(action.alias, action.collection);
    } else if (action.kind === 'delete') aliases.delete(action.alias);
    else {
      const target = aliases.get(action.from);
      if (target === undefined) throw notFound(`Alias ${action.from} does not exists!`);
      this.#checkFree(action.to);
      aliases.delete(action.from);
      aliases.set(action.to, target);
    }
  }

  /** One change of the catalog at a time, each seeing the outcome of the one before. */
  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #save(): Promise<void> {
    const state: CatalogState = {
      version: 1,
      collections: Object.fromEntries(
        Array.from(this.#collections, ([name, { collection, folder }]) => [
          name,
          { folder, request: collection.config.request, fields: fieldsOf(collection) },
        ]),
      ),
      aliases: Object.fromEntries(this.#aliases),
    };
    await this.#storage?.writeCatalog(state);
  }

  async #load(storage: Storage): Promise<void> {
    const state = storage.readCatalog();
    this.#aliases = new Map(Object.entries(state.aliases));
    for (const [name, { folder, request, fields }] of Object.entries(state.collections)) {
      const collection = new Collection(readCollectionConfig(request));
      // Before the points, which are indexed as they come: afterwards it would be in one go.
      for (const { path, schema } of fields) collection.createField(parsePath(path), schema);
      const log = await storage.openLog(folder, collection);
      this.#collections.set(name, { collection, folder, log });
      log.compactIfLarge(collection);
    }
  }
}
