import { badInput } from '../errors.ts';
import { mergePayload } from '../payload/change.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { JsonObject, Payload } from '../types.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readPayload } from './payload.ts';
import { isObject, optional, readObject } from './read.ts';
import type { Fields } from './read.ts';

const PARAMS = [
  'replication_factor',
  'write_consistency_factor',
  'read_fan_out_factor',
  'read_fan_out_delay_ms',
  'on_disk_payload',
];

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

const objectOr = (value: unknown): Fields => (isObject(value) ? value : {});

/** Fields given replace those that were there; the others stay. */
function mergeInto(target: Fields, fields: Fields, name: string): void {
  const update = optional(fields[name], name, readObject);
  if (update) target[name] = { ...objectOr(target[name]), ...given(update) };
}

/** Quantization is replaced whole; "Disabled" takes it away. */
function mergeQuantization(target: Fields, fields: Fields): void {
  const update = fields['quantization_config'];
  if (update === undefined || update === null) return;
  if (update === 'Disabled') delete target['quantization_config'];
  else target['quantization_config'] = readObject(update, 'quantization_config');
}

function mergeDense(target: Fields, update: Fields): void {
  mergeInto(target, update, 'hnsw_config');
  mergeQuantization(target, update);
  for (const name of ['on_disk', 'memory']) {
    if (update[name] !== undefined && update[name] !== null) target[name] = update[name];
  }
}

/** The part of the creation request that is about one vector. */
function vectorIn(vectors: unknown, name: string): Fields | undefined {
  if (!isObject(vectors)) return undefined;
  if (name === DEFAULT_VECTOR && 'size' in vectors && !isObject(vectors['size'])) return vectors;
  return Object.hasOwn(vectors, name) ? objectOr(vectors[name]) : undefined;
}

function mergeVectors(request: Fields, fields: Fields): void {
  for (const [name, value] of Object.entries(optional(fields['vectors'], 'vectors', readObject) ?? {})) {
    const target = vectorIn(request['vectors'], name);
    if (!target) throw badInput(`Not existing vector name error: ${name}`);
    mergeDense(target, readObject(value, `vectors.${name}`));
  }
}

function mergeSparse(request: Fields, fields: Fields): void {
  const updates = optional(fields['sparse_vectors'], 'sparse_vectors', readObject) ?? {};
  const sparse = objectOr(request['sparse_vectors']);
  for (const [name, value] of Object.entries(updates)) {
    if (!Object.hasOwn(sparse, name)) throw badInput(`Not existing vector name error: ${name}`);
    const update = readObject(value, `sparse_vectors.${name}`);
    const target: Fields = { ...objectOr(sparse[name]) };
    mergeInto(target, update, 'index');
    if (update['modifier'] !== undefined && update['modifier'] !== null) {
      target['modifier'] = update['modifier'];
    }
    sparse[name] = target;
  }
}

/** The request that would create the collection as it is after the update; the old one stays as it is. */
export function mergeCollectionUpdate(config: CollectionConfig, body: unknown): JsonObject {
  const fields = readObject(body, 'body');
  const request: Fields = structuredClone(config.request);
  mergeVectors(request, fields);
  mergeSparse(request, fields);
  for (const name of ['hnsw_config', 'optimizers_config', 'strict_mode_config']) {
    mergeInto(request, fields, name);
  }
  mergeQuantization(request, fields);
  const params = given(optional(fields['params'], 'params', readObject) ?? {});
  for (const name of PARAMS) if (name in params) request[name] = params[name];
  const metadata = optional(fields['metadata'], 'metadata', readPayload);
  if (metadata) request['metadata'] = mergePayload(objectOr(request['metadata']) as Payload, metadata);
  return request as JsonObject;
}
