import { badInput } from '../errors.ts';
import { formatPath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { CollectionConfig } from '../request/collection-config.ts';
import type {
  Change,
  FieldSchema,
  Payload,
  Point,
  PointId,
  SparseVector,
  Vector,
  Vectors,
} from '../types.ts';
import { DenseStore } from './dense-store.ts';
import { FieldIndex } from './field-index.ts';
import { Instant } from './instant.ts';
import { PointTable } from './point-table.ts';
import { SparseStore } from './sparse-store.ts';

/** The state of one collection in memory. Changes only through `apply`; knows nothing of files or requests. */
export class Collection {
  readonly config: CollectionConfig;
  readonly points = new PointTable();
  readonly dense: ReadonlyMap<string, DenseStore>;
  readonly sparse: ReadonlyMap<string, SparseStore>;
  readonly fields = new Map<string, FieldIndex>();
  readonly #instants = new Set<Instant>();
  #version = 0;

  constructor(config: CollectionConfig) {
    this.config = config;
    this.dense = new Map([...config.dense].map(([name, params]) => [name, new DenseStore(params)]));
    this.sparse = new Map([...config.sparse].map(([name, params]) => [name, new SparseStore(params)]));
  }

  /** The number of the last operation; points carry the number of the one that last changed them. */
  get version(): number {
    return this.#version;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  apply(change: Change): void {
    if (change.op === 'upsert') for (const point of change.points) this.#upsert(point);
    else if (change.op === 'delete') {
      for (const id of change.ids) this.#remove(id);
      this.#seen(change.version);
    } else {
      change.ids.forEach((id, row) => this.#setPayload(id, change.version, change.payloads[row] as Payload));
      this.#seen(change.version);
    }
  }

  /** Gives the points as they are now to `read`, which may take its time over them. */
  async atOnce<T>(read: (instant: Instant) => Promise<T>): Promise<T> {
    const instant = new Instant(this);
    this.#instants.add(instant);
    try {
      return await read(instant);
    } finally {
      this.#instants.delete(instant);
    }
  }

  /** The whole point at a slot, its vectors copied. */
  pointAt(slot: number): Point {
    return {
      id: this.points.idAt(slot),
      version: this.points.versionAt(slot),
      payload: this.points.payloadAt(slot),
      vectors: this.vectorsAt(slot),
    };
  }

  vectorsAt(slot: number, names: readonly string[] | undefined = undefined): Vectors {
    const vectors: Vectors = new Map();
    for (const name of names ?? [...this.dense.keys(), ...this.sparse.keys()]) {
      const vector = this.vectorAt(slot, name);
      if (vector) vectors.set(name, vector);
    }
    return vectors;
  }

  /** Throws the server's 400 for a name that the collection does not have. */
  vectorAt(slot: number, name: string): Vector | undefined {
    const dense = this.dense.get(name);
    if (dense) return dense.get(slot)?.slice();
    const sparse = this.sparse.get(name);
    if (!sparse) throw badInput(`Not existing vector name error: ${name}`);
    return sparse.get(slot);
  }

  createField(path: JsonPath, schema: FieldSchema): void {
    const index = new FieldIndex(path, schema);
    for (const slot of this.points.liveSlots()) index.add(slot, this.points.payloadAt(slot));
    this.fields.set(formatPath(path), index);
  }

  /** False when there was none. */
  deleteField(path: JsonPath): boolean {
    return this.fields.delete(formatPath(path));
  }

  #seen(version: number): void {
    this.#version = Math.max(this.#version, version);
  }

  #announce(slot: number): void {
    for (const instant of this.#instants) instant.beforeChange(slot);
  }

  #upsert({ id, version, payload, vectors }: Point): void {
    const old = this.points.slotOf(id);
    const slot = old ?? this.points.add(id, version, payload);
    if (old !== undefined) {
      this.#announce(slot);
      for (const field of this.fields.values()) field.remove(slot, this.points.payloadAt(slot));
      this.points.setPayload(slot, version, payload);
    }
    this.#setVectors(slot, vectors);
    for (const field of this.fields.values()) field.add(slot, payload);
    this.#seen(version);
  }

  /** A vector that is not among them is removed. */
  #setVectors(slot: number, vectors: Vectors): void {
    for (const [name, store] of this.dense) {
      const vector = vectors.get(name);
      if (vector) store.set(slot, vector as Float32Array);
      else store.remove(slot);
    }
    for (const [name, store] of this.sparse) {
      const vector = vectors.get(name);
      if (vector) store.set(slot, vector as SparseVector);
      else store.remove(slot);
    }
  }

  #remove(id: PointId): void {
    const slot = this.points.slotOf(id);
    if (slot === undefined) return;
    this.#announce(slot);
    for (const store of this.dense.values()) store.remove(slot);
    for (const store of this.sparse.values()) store.remove(slot);
    for (const field of this.fields.values()) field.remove(slot, this.points.payloadAt(slot));
    this.points.remove(slot);
  }

  /** A payload for a point that is gone is a record older than the snapshot it is replayed over. */
  #setPayload(id: PointId, version: number, payload: Payload): void {
    const slot = this.points.slotOf(id);
    if (slot === undefined) return;
    this.#announce(slot);
    for (const field of this.fields.values()) {
      field.remove(slot, this.points.payloadAt(slot));
      field.add(slot, payload);
    }
    this.points.setPayload(slot, version, payload);
  }

  /** Gives back what the collector of garbage does not reach. Nothing may be asked of it afterwards. */
  dispose(): void {
    for (const store of this.dense.values()) store.dispose();
  }
}
