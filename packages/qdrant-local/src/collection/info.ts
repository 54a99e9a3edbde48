import type { JsonObject } from '../types.ts';
import type { Collection } from './collection.ts';

/*
 * The settings that the server reports where the request gave none. Here they describe nothing: search is
 * exact and there is one segment. They are shown because applications compare and copy them.
 */
const HNSW = {
  m: 16,
  ef_construct: 100,
  full_scan_threshold: 10_000,
  max_indexing_threads: 0,
  on_disk: false,
};
const OPTIMIZER = {
  deleted_threshold: 0.2,
  vacuum_min_vector_number: 1000,
  default_segment_number: 0,
  max_segment_size: null,
  memmap_threshold: null,
  indexing_threshold: 10_000,
  flush_interval_sec: 5,
  max_optimization_threads: null,
};
const WAL = { wal_capacity_mb: 32, wal_segments_ahead: 0, wal_retain_closed: 1 };

const withoutNulls = (settings: unknown): JsonObject =>
  Object.fromEntries(Object.entries((settings ?? {}) as JsonObject).filter(([, value]) => value !== null));

const given = (request: JsonObject, names: string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (request[name] == null ? [] : [[name, request[name]]])));

function describeConfig({ config: { request } }: Collection): object {
  return {
    params: {
      ...given(request, ['vectors', 'sparse_vectors', 'read_fan_out_factor', 'read_fan_out_delay_ms']),
      shard_number: request['shard_number'] ?? 1,
      replication_factor: request['replication_factor'] ?? 1,
      write_consistency_factor: request['write_consistency_factor'] ?? 1,
      on_disk_payload: request['on_disk_payload'] ?? true,
    },
    hnsw_config: { ...HNSW, ...withoutNulls(request['hnsw_config']) },
    optimizer_config: { ...OPTIMIZER, ...withoutNulls(request['optimizers_config']) },
    wal_config: { ...WAL, ...withoutNulls(request['wal_config']) },
    quantization_config: request['quantization_config'] ?? null,
    ...given(request, ['strict_mode_config', 'metadata']),
  };
}

function describeFields({ fields }: Collection): object {
  return Object.fromEntries(
    Array.from(fields, ([key, { schema, points }]) => [
      key,
      { data_type: schema.type, ...(schema.params && { params: schema.params }), points },
    ]),
  );
}

/**
 * All vectors are searchable at once, so all count as indexed, except where the application has said that none
 * is to be.
 */
function indexedVectors({ config, dense, sparse }: Collection): number {
  const { indexing_threshold: threshold } = withoutNulls(config.request['optimizers_config']);
  if (threshold === 0) return 0;
  return [...dense.values(), ...sparse.values()].reduce((sum, store) => sum + store.count, 0);
}

/** The collection's info. */
export function describeCollection(collection: Collection): object {
  return {
    status: 'green',
    optimizer_status: 'ok',
    indexed_vectors_count: indexedVectors(collection),
    points_count: collection.points.size,
    segments_count: 1,
    config: describeConfig(collection),
    payload_schema: describeFields(collection),
  };
}
