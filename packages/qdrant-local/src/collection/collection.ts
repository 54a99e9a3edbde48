import { badInput } from '../errors.ts';
import { formatPath } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import type { CollectionConfig } from '../request/collection-config.ts';
import type { Change, FieldSchema, Payload, Point, PointId, Vector, Vectors } from '../types.ts';
import { DenseStore } from './dense-store.ts';
import { FieldIndex } from './field-index.ts';
import { PointTable } from './point-table.ts';
import { SparseStore } from './sparse-store.ts';

/** Below this many dead slots, packing would cost more than it frees. */
const MIN_DEAD_SLOTS = 1000;

/** The state of one collection in memory. Changes only through `apply`; knows nothing of files or requests. */
export class Collection {
  readonly config: CollectionConfig;
  points = new PointTable();
  dense = new Map<string, DenseStore>();
  sparse = new Map<string, SparseStore>();
  readonly fields = new Map<string, FieldIndex>();
  #version = 0;

  constructor(config: CollectionConfig) {
    this.config = config;
    this.#clear();
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
    const dead = this.points.slots - this.points.size;
    if (dead > MIN_DEAD_SLOTS && dead > this.points.size) this.#pack();
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

  #upsert({ id, version, payload, vectors }: Point): void {
    this.#remove(id);
    const slot = this.points.add(id, version, payload);
    for (const [name, vector] of vectors) {
      if (vector instanceof Float32Array) this.dense.get(name)?.set(slot, vector);
      else this.sparse.get(name)?.set(slot, vector);
    }
    for (const field of this.fields.values()) field.add(slot, payload);
    this.#seen(version);
  }

  #remove(id: PointId): void {
    const slot = this.points.slotOf(id);
    if (slot === undefined) return;
    for (const store of this.dense.values()) store.remove(slot);
    for (const store of this.sparse.values()) store.remove(slot);
    for (const field of this.fields.values()) field.remove(slot, this.points.payloadAt(slot));
    this.points.remove(slot);
  }

  /** A payload for a point that is gone is a record older than the snapshot it is replayed over. */
  #setPayload(id: PointId, version: number, payload: Payload): void {
    const slot = this.points.slotOf(id);
    if (slot === undefined) return;
    for (const field of this.fields.values()) {
      field.remove(slot, this.points.payloadAt(slot));
      field.add(slot, payload);
    }
    this.points.setPayload(slot, version, payload);
  }

  #clear(): void {
    this.points = new PointTable();
    this.dense = new Map([...this.config.dense].map(([name, params]) => [name, new DenseStore(params)]));
    this.sparse = new Map([...this.config.sparse].map(([name, params]) => [name, new SparseStore(params)]));
    for (const [key, { path, schema }] of this.fields) this.fields.set(key, new FieldIndex(path, schema));
  }

  /** Gives every live point a new slot, which drops all that dead ones left behind. */
  #pack(): void {
    const points = Array.from(this.points.liveSlots(), (slot) => this.pointAt(slot));
    this.#clear();
    for (const point of points) this.#upsert(point);
  }
}
