import { badRequest, formatError, unsupported, validationError } from '../errors.ts';
import { mergeFilters } from '../filter/types.ts';
import type { Filter } from '../filter/types.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { PointId } from '../types.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readFilter } from './filter.ts';
import { readOrderBy } from './order-by.ts';
import type { OrderBy } from './order-by.ts';
import { readOutput } from './output.ts';
import type { Output } from './output.ts';
import { readPointId } from './point-id.ts';
import {
  isObject,
  optional,
  readArray,
  readNumber,
  readObject,
  readString,
  readUnsigned,
  refuse,
} from './read.ts';
import type { Fields } from './read.ts';

/** `vector` stays as given until the collection says what it should be. */
export type Scoring =
  | { kind: 'vector'; vector: unknown }
  | { kind: 'point'; id: PointId }
  | { kind: 'rrf'; k: number; weights: number[] | undefined }
  | { kind: 'dbsf' }
  | { kind: 'order'; order: OrderBy }
  | { kind: 'sample' };

export interface QueryNode {
  prefetch: QueryNode[];
  scoring: Scoring | undefined;
  using: string;
  filter: Filter | undefined;
  scoreThreshold: number | undefined;
  limit: number;
}

export interface QueryRequest extends QueryNode {
  offset: number;
  output: Output;
}

const DEFAULT_LIMIT = 10;
const DEFAULT_RRF_K = 2;
const MAX_DEPTH = 64;

const UNSUPPORTED_QUERIES: Record<string, string> = {
  recommend: 'the recommend query',
  discover: 'the discover query',
  context: 'the context query',
  formula: 'the formula query',
  relevance_feedback: 'the relevance feedback query',
};

function readRrf(value: unknown): Scoring {
  const fields = readObject(value, 'rrf');
  const weights = optional(fields['weights'], 'weights', readArray);
  return {
    kind: 'rrf',
    k: optional(fields['k'], 'rrf.k', (k, field) => readUnsigned(k, field, 1)) ?? DEFAULT_RRF_K,
    weights: weights?.map((weight) => readNumber(weight, 'weights')),
  };
}

function readFusion(value: unknown): Scoring {
  if (value === 'rrf') return { kind: 'rrf', k: DEFAULT_RRF_K, weights: undefined };
  if (value === 'dbsf') return { kind: 'dbsf' };
  throw formatError(`unknown variant \`${String(value)}\`, expected \`rrf\` or \`dbsf\``);
}

function readSample(value: unknown): Scoring {
  if (value === 'random') return { kind: 'sample' };
  throw formatError(`unknown variant \`${String(value)}\`, expected \`random\``);
}

function readNearest(value: unknown): Scoring {
  const isId = typeof value === 'number' || typeof value === 'string';
  return isId ? { kind: 'point', id: readPointId(value) } : { kind: 'vector', vector: value };
}

function readScoring(value: unknown): Scoring {
  if (!isObject(value)) return readNearest(value);
  for (const [field, feature] of Object.entries(UNSUPPORTED_QUERIES)) {
    if (field in value) throw unsupported(feature);
  }
  if ('fusion' in value) return readFusion(value['fusion']);
  if ('rrf' in value) return readRrf(value['rrf']);
  if ('order_by' in value) return { kind: 'order', order: readOrderBy(value['order_by']) };
  if ('sample' in value) return readSample(value['sample']);
  if (!('nearest' in value)) return readNearest(value);
  refuse(value, { mmr: 'the mmr query' });
  return readNearest(value['nearest']);
}

function readParams(value: unknown): void {
  const fields = optional(value, 'params', readObject);
  // The others (hnsw_ef, exact, quantization, indexed_only, acorn) trade accuracy for speed; search is exact here.
  if (fields) refuse(fields, { idf: 'params.idf' });
}

/** The combinations that the server refuses, in its words. */
function checkCombination(node: QueryNode): void {
  const { scoring, scoreThreshold } = node;
  if (scoreThreshold !== undefined && !scoring) {
    throw badRequest(
      "A query is needed to use the score_threshold. Can't have score_threshold without defining a query.",
    );
  }
  if (scoreThreshold !== undefined && scoring?.kind === 'order') {
    throw badRequest("Can't use score_threshold with an order_by query.");
  }
  if (scoring?.kind === 'rrf' || scoring?.kind === 'dbsf') checkFusion(node, scoring);
}

function checkFusion({ using, prefetch }: QueryNode, scoring: Scoring): void {
  if (using !== DEFAULT_VECTOR) {
    throw badRequest("Fusion queries cannot be combined with the 'using' field.");
  }
  if (prefetch.length === 0) throw badRequest('Fusion queries need prefetches to fuse.');
  const weights = scoring.kind === 'rrf' ? scoring.weights : undefined;
  if (weights && weights.length !== prefetch.length) {
    throw validationError(
      'JSON body',
      `Number of weights in RRF should match number of pre-fetches: got ${weights.length}, ` +
        `expected ${prefetch.length}`,
    );
  }
}

/** Read before anything that may not be supported: what the server refuses is refused in its words. */
function readLimit(fields: Fields): number {
  const read = (limit: unknown, field: string): number => readUnsigned(limit, field, 1);
  return optional(fields['limit'], 'internal.limit', read) ?? DEFAULT_LIMIT;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function readPrefetches(fields: Fields, depth: number): QueryNode[] {
  const prefetch = fields['prefetch'] ?? [];
  const children: unknown[] = Array.isArray(prefetch) ? prefetch : [prefetch];
  if (children.length > 0 && !isGiven(fields['query'])) {
    throw badRequest(
      "A query is needed to merge the prefetches. Can't have prefetches without defining a query.",
    );
  }
  return children.map((child) => readNode(readObject(child, 'prefetch'), depth + 1));
}

function readNode(fields: Fields, depth: number): QueryNode {
  if (depth > MAX_DEPTH) throw formatError('recursion limit exceeded');
  const limit = readLimit(fields);
  const prefetch = readPrefetches(fields, depth);
  refuse(fields, { lookup_from: 'lookup_from', shard_key: 'a shard key' });
  readParams(fields['params']);
  const node: QueryNode = {
    prefetch,
    scoring: optional(fields['query'], 'query', readScoring),
    using: optional(fields['using'], 'using', readString) ?? DEFAULT_VECTOR,
    filter: optional(fields['filter'], 'filter', readFilter),
    scoreThreshold: optional(fields['score_threshold'], 'score_threshold', readNumber),
    limit,
  };
  checkCombination(node);
  return node;
}

/**
 * A filter holds for what is prefetched below it, not for what a query then makes of that. The server joins the
 * two filters of a path by their clauses, so that two `should` lists are one of more alternatives.
 */
function pushFilterDown(node: QueryNode, above: Filter | undefined): void {
  const filter = above && node.filter ? mergeFilters(above, node.filter) : (above ?? node.filter);
  node.filter = node.prefetch.length > 0 ? undefined : filter;
  for (const child of node.prefetch) pushFilterDown(child, filter);
}

/** Changes the limits of all prefetches below a node. */
function changeLimits(node: QueryNode, change: (limit: number) => number): void {
  for (const child of node.prefetch) {
    child.limit = change(child.limit);
    changeLimits(child, change);
  }
}

/** Reads a query; `factor` is by how much more its prefetches fetch, which grouping asks for. */
export function readQuery(config: CollectionConfig, body: unknown, factor = 1): QueryRequest {
  const fields = readObject(body, 'body');
  const node = readNode(fields, 0);
  const offset = optional(fields['offset'], 'offset', readUnsigned) ?? 0;
  pushFilterDown(node, undefined);
  // The server has every prefetch fetch what the offset will skip, so that pages of a fusion fit together.
  changeLimits(node, (limit) => limit * factor + offset);
  return { ...node, offset, output: readOutput(config, fields, false) };
}
