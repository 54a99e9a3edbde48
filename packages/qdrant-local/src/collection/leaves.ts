import { isDeepStrictEqual } from 'node:util';
import { badInput, notFound } from '../errors.ts';
import type { Filter } from '../filter/types.ts';
import type { QueryNode, Scoring } from '../request/query.ts';
import { readDenseVector, readSparseVector } from '../request/vector.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { PointId, Vector } from '../types.ts';
import type { Collection } from './collection.ts';
import type { Ceilings } from '../scan/ceilings.ts';
import type { DenseStore } from './dense-store.ts';
import type { SparseStore } from './sparse-store.ts';
import type { Hit } from './top-k.ts';

type NearestScoring = Extract<Scoring, { kind: 'vector' | 'point' }>;

/** A search by vector, its names and numbers checked. */
export interface NearestQuery {
  store: DenseStore | SparseStore;
  vector: Vector;
  /** The point that was asked with, which is not in its own answer. */
  self: PointId | undefined;
  filters: readonly Filter[];
  threshold: number | undefined;
  limit: number;
}

/** One that looks at the whole collection, and its answer once there is one. */
export interface Leaf extends NearestQuery {
  /** Where they were computed beforehand, in another thread. */
  ceilings?: Ceilings | undefined;
  hits?: Hit[];
}

export const isNearest = (scoring: Scoring | undefined): scoring is NearestScoring =>
  scoring?.kind === 'vector' || scoring?.kind === 'point';

function storeOf({ dense, sparse }: Collection, name: string): DenseStore | SparseStore {
  const store = dense.get(name) ?? sparse.get(name);
  if (store) return store;
  const names = [...dense.keys(), ...sparse.keys()].join(', ');
  throw badInput(
    name === DEFAULT_VECTOR
      ? `Collection requires specified vector name in the request, available names: ${names}`
      : `Vector with name \`${name}\` is not configured in this collection, available names: ${names}`,
  );
}

function vectorOfPoint(collection: Collection, id: PointId, name: string): Vector {
  const slot = collection.points.slotOf(id);
  if (slot === undefined) throw notFound(`No point with id ${id} found`);
  const vector = collection.vectorAt(slot, name);
  if (!vector) throw notFound(`Vector with name "${name}" not found for point ${id}`);
  return vector;
}

function queryVector(collection: Collection, scoring: NearestScoring, name: string): Vector {
  if (scoring.kind === 'point') return vectorOfPoint(collection, scoring.id, name);
  const dense = collection.config.dense.get(name);
  return dense ? readDenseVector(scoring.vector, dense, 'query') : readSparseVector(scoring.vector, 'query');
}

/** Throws the server's 400 or 404 for a vector or point that the collection cannot be asked with. */
export function readNearest(
  collection: Collection,
  node: QueryNode,
  scoring: NearestScoring,
  filters: readonly Filter[],
  limit: number,
): NearestQuery {
  return {
    store: storeOf(collection, node.using),
    vector: queryVector(collection, scoring, node.using),
    self: scoring.kind === 'point' ? scoring.id : undefined,
    filters,
    threshold: node.scoreThreshold,
    limit,
  };
}

const sameNumbers = (a: Float32Array | Uint32Array, b: Float32Array | Uint32Array): boolean =>
  a.length === b.length && a.every((value, position) => value === b[position]);

function sameVector(a: Vector, b: Vector): boolean {
  if (a instanceof Float32Array || b instanceof Float32Array) {
    return a instanceof Float32Array && b instanceof Float32Array && sameNumbers(a, b);
  }
  return sameNumbers(a.indices, b.indices) && sameNumbers(a.values, b.values);
}

/** Same but for the limit: the hits of the one with the smaller limit are the first of the other's. */
const sameSearch = (a: NearestQuery, b: NearestQuery): boolean =>
  a.store === b.store &&
  a.self === b.self &&
  a.threshold === b.threshold &&
  sameVector(a.vector, b.vector) &&
  isDeepStrictEqual(a.filters, b.filters);

/**
 * The searches at the bottom of the queries of one request, each once. An application that wants to know the
 * ranks asks for a fusion and for the lists that went into it, which are then the same searches twice.
 */
export class Leaves {
  readonly #leaves: Leaf[] = [];
  readonly #byNode = new Map<QueryNode, Leaf>();

  add(node: QueryNode, query: NearestQuery): void {
    let leaf = this.#leaves.find((one) => sameSearch(one, query));
    if (leaf) leaf.limit = Math.max(leaf.limit, query.limit);
    else this.#leaves.push((leaf = query));
    this.#byNode.set(node, leaf);
  }

  of(node: QueryNode): Leaf {
    return this.#byNode.get(node) as Leaf;
  }

  [Symbol.iterator](): Iterator<Leaf> {
    return this.#leaves.values();
  }
}
