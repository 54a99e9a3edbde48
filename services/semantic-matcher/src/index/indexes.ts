import { randomBytes } from 'node:crypto';
import {
  addSearchIndex,
  dropSearchIndex,
  keepSearchIndex,
  searchIndexes,
  type Pool,
  type SearchIndex,
} from '@afk/database';
import type { DenseEncoder, SparseEncoder } from '@afk/encoders';
import { tokenOf, type EncoderSource } from '../encoders/source.ts';
import { limited } from '../limited.ts';
import { told, type QdrantClient } from '../store/qdrant.ts';
import { HeadlineCollection, type About } from './collection.ts';
import { isSame, textOf, versionOf, type Encoders, type Version } from './version.ts';

/** An index whose points are written by these encoders. */
export type OpenIndex = {
  row: SearchIndex;
  version: Version;
  encoders: Encoders;
  points: HeadlineCollection;
};

/** What answers searches. `row` is undefined where this database does not know it: it can be asked, not added to. */
export type Answering = {
  row: SearchIndex | undefined;
  version: Version | undefined;
  /** The encoders of its vectors; undefined: none, or not to be had. */
  encoders: { sparse: SparseEncoder | undefined; dense: DenseEncoder | undefined };
  points: HeadlineCollection;
};

/** Whether an index with this sparse encoder can write to what answers. */
export function isOpen(answering: Answering | undefined, sparse: SparseEncoder): answering is OpenIndex {
  return answering?.row !== undefined && answering.version?.sparse === tokenOf(sparse);
}

/** How long what answers is taken to be the same, ms. An index that is gone is noticed by the question itself. */
const FRESH_MS = 2000;
/** How long searches wait for a dense encoder that is not there yet, ms. */
const ENCODER_MS = 1000;

/**
 * The indexes of this environment: the one that the alias leads to, and the one that is being made. Qdrant may be
 * shared: a collection is ours when its metadata says so, or when the alias led to it; no other is ever removed.
 */
export class Indexes {
  private readonly client: QdrantClient;
  private readonly db: Pool;
  private readonly source: EncoderSource;
  private readonly alias: string;
  private known: { at: number; answering: Answering } | undefined;
  private looking: Promise<Answering | undefined> | undefined;

  /** @param prefix the environment's, e.g. `staging-` */
  constructor(deps: { client: QdrantClient; db: Pool; source: EncoderSource; prefix: string }) {
    this.client = deps.client;
    this.db = deps.db;
    this.source = deps.source;
    this.alias = `${deps.prefix}headlines`;
  }

  /** What answers searches. What was known serves on while it is looked up anew, so that no search waits for that. */
  async answering(): Promise<Answering | undefined> {
    if (!this.known) return this.look();
    if (performance.now() - this.known.at > FRESH_MS) this.look().catch(() => {});
    return this.known.answering;
  }

  /** The next question looks it up first. */
  forget(): void {
    this.known = undefined;
    this.looking = undefined;
  }

  private look(): Promise<Answering | undefined> {
    if (this.looking) return this.looking;
    const looking = this.lookUp().then((answering) => {
      // Not if it was told to forget meanwhile.
      if (this.looking === looking && answering) this.known = { at: performance.now(), answering };
      return answering;
    });
    this.looking = looking;
    const ended = (): void => void (this.looking === looking && (this.looking = undefined));
    looking.then(ended, ended);
    return looking;
  }

  /** What answers searches now. */
  async lookUp(): Promise<Answering | undefined> {
    const name = await this.target();
    if (name === undefined) return undefined;
    const about = await this.aboutOf(name);
    const rows = await searchIndexes(this.db);
    const version = about?.version;
    const token = version?.dense;
    // Away for now or for good, or slow to say: then the sparse side answers, and the next look asks again.
    const dense = token ? await soon(() => this.source.denseOf(token)) : undefined;
    return {
      row: rows.find((row) => row.id === about?.index),
      version,
      // What does not say whose it is was made by an AFK before: its words were hashed as ours are.
      encoders: { sparse: version ? this.source.sparseOf(version.sparse) : this.source.sparse, dense },
      points: new HeadlineCollection(this.client, name),
    };
  }

  /**
   * The index to write to: the one that answers. Where there is none, or none that this code can add to, a new one;
   * `leads` tells whether it answers already.
   */
  async toWrite(): Promise<{ index: OpenIndex; leads: boolean }> {
    const answering = await this.lookUp();
    const { sparse } = this.source;
    if (isOpen(answering, sparse)) return { index: answering, leads: true };
    // A run does not wait for an encoder: the rebuild in the background does.
    const index = await this.open({ sparse, dense: await soon(() => this.source.dense()) });
    // A first index answers at once; one that takes the place of another when it holds everything.
    if (!answering) await this.lead(index.points.name);
    return { index, leads: !answering };
  }

  /** The points of indexes that are being made, beside this one. */
  async beingMade({ row }: OpenIndex): Promise<HeadlineCollection[]> {
    const rows = (await searchIndexes(this.db)).filter((r) => r.id !== row.id);
    const collections = rows.map((r) => new HeadlineCollection(this.client, this.nameOf(r.id)));
    const there = await Promise.all(collections.map((c) => c.exists()));
    return collections.filter((_, i) => there[i]);
  }

  /** Whether an index is still meant to be made: another run may have taken its place. */
  async isMeant({ row }: OpenIndex): Promise<boolean> {
    return (await searchIndexes(this.db)).some((r) => r.id === row.id);
  }

  /** The index of these encoders that is there, or a new and empty one. */
  async open(encoders: Encoders): Promise<OpenIndex> {
    const version = versionOf(encoders);
    const rows = await searchIndexes(this.db);
    for (const row of rows.filter((r) => r.version === textOf(version))) {
      const points = new HeadlineCollection(this.client, this.nameOf(row.id));
      const about = (await points.exists()) ? await this.aboutOf(points.name) : undefined;
      if (about?.index === row.id && isSame(about.version, version)) {
        await points.create(about, encoders);
        return { row, version, encoders, points };
      }
    }
    return this.add(version, encoders);
  }

  private async add(version: Version, encoders: Encoders): Promise<OpenIndex> {
    const kinds = [encoders.sparse.name, ...(encoders.dense ? [encoders.dense.name] : [])];
    const id = `${kinds.join('_')}_${randomBytes(4).toString('hex')}`.replaceAll(/[^\w-]+/g, '-');
    const answering = await this.target();
    const keep = answering?.startsWith(`${this.alias}_`) ? answering.slice(this.alias.length + 1) : undefined;
    const row = await addSearchIndex(this.db, { id, version: textOf(version) }, keep);
    const points = new HeadlineCollection(this.client, this.nameOf(id));
    await points.create({ afk: this.alias, index: id, version }, encoders);
    return { row, version, encoders, points };
  }

  private nameOf(id: string): string {
    return `${this.alias}_${id}`;
  }

  /** Lets an index answer searches in one step, and removes those that are not needed any more. */
  async publish({ row, version, points }: OpenIndex): Promise<void> {
    const before = await this.target();
    if (before !== points.name) await this.lead(points.name);
    await keepSearchIndex(this.db, row.id);
    await this.tidy();
    if (before !== undefined && before !== points.name) await this.removeUnlessLed(before);
    await this.source.keep(version.dense ? [version.dense] : []);
  }

  /** The collection that the alias leads to. */
  private async target(): Promise<string | undefined> {
    const { aliases } = await told(() => this.client.getAliases());
    return aliases.find((a) => a.alias_name === this.alias)?.collection_name;
  }

  private async lead(collection_name: string): Promise<void> {
    const remove = { delete_alias: { alias_name: this.alias } };
    const create = { create_alias: { alias_name: this.alias, collection_name } };
    const actions = (await this.target()) === undefined ? [create] : [remove, create];
    await told(() => this.client.updateCollectionAliases({ actions }));
    this.forget();
  }

  /** What answered until now was ours, also where it is too old to say so; unless somebody has an alias of his own for it. */
  private async removeUnlessLed(name: string): Promise<void> {
    const { aliases } = await told(() => this.client.getAliases());
    if (!aliases.some((a) => a.collection_name === name))
      await told(() => this.client.deleteCollection(name));
  }

  /** Forgets an index that does not hold what is marked: the next look makes another. */
  async giveUp({ row }: OpenIndex): Promise<void> {
    await dropSearchIndex(this.db, row.id);
    this.forget();
  }

  /**
   * Removes what a crash has left. Collections are listed first, rows after: a collection that is being filled has had
   * its row before it was there.
   */
  async tidy(): Promise<void> {
    const { collections } = await told(() => this.client.getCollections());
    const { aliases } = await told(() => this.client.getAliases());
    const rows = await searchIndexes(this.db);
    const needed = new Set([...aliases.map((a) => a.collection_name), ...rows.map((r) => this.nameOf(r.id))]);
    for (const { name } of collections) {
      if (needed.has(name) || !name.startsWith(`${this.alias}_`)) continue;
      const about = await this.aboutOf(name).catch(() => undefined);
      if (about) await told(() => this.client.deleteCollection(name));
    }
  }

  /** What a collection says of itself; undefined: it is none of this environment's. */
  private async aboutOf(name: string): Promise<About | undefined> {
    const { config } = await told(() => this.client.getCollection(name));
    const about = (config as { metadata?: Partial<About> | null }).metadata;
    return about?.afk === this.alias && about.index && about.version ? (about as About) : undefined;
  }
}

/** An encoder that is there within a second, or none. */
const soon = (asked: () => Promise<DenseEncoder | undefined>): Promise<DenseEncoder | undefined> =>
  limited(ENCODER_MS, undefined, asked).catch(() => undefined);
