import { badRequest, formatError, unsupported, validationError } from '../errors.ts';
import type { Filter } from '../filter/types.ts';
import { DEFAULT_VECTOR } from '../types.ts';
import type { PointId } from '../types.ts';
import type { CollectionConfig } from './collection-config.ts';
import { readFilter } from './filter.ts';
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
  | { kind: 'rrf'; k: number; weights: number[] | undefined };

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
  order_by: 'the order_by query',
  formula: 'the formula query',
  sample: 'the sample query',
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
  if (value === 'dbsf') throw unsupported('dbsf fusion');
  throw formatError(`unknown variant \`${String(value)}\`, expected \`rrf\` or \`dbsf\``);
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
  const { scoring, prefetch, scoreThreshold } = node;
  if (prefetch.length > 0 && !scoring) {
    throw badRequest(
      "A query is needed to merge the prefetches. Can't have prefetches without defining a query.",
    );
  }
  if (scoreThreshold !== undefined && !scoring) {
    throw badRequest(
      "A query is needed to use the score_threshold. Can't have score_threshold without defining a query.",
    );
  }
  if (scoring?.kind !== 'rrf') return;
  if (node.using !== DEFAULT_VECTOR) {
    throw badRequest("Fusion queries cannot be combined with the 'using' field.");
  }
  if (prefetch.length === 0) throw badRequest('Fusion queries need prefetches to fuse.');
  if (scoring.weights && scoring.weights.length !== prefetch.length) {
    throw validationError(
      'JSON body',
      `Number of weights in RRF should match number of pre-fetches: got ${scoring.weights.length}, ` +
        `expected ${prefetch.length}`,
    );
  }
}

function readNode(fields: Fields, depth: number): QueryNode {
  if (depth > MAX_DEPTH) throw formatError('recursion limit exceeded');
  refuse(fields, { lookup_from: 'lookup_from', shard_key: 'a shard key' });
  readParams(fields['params']);
  const prefetch = fields['prefetch'] ?? [];
  const node: QueryNode = {
    prefetch: (Array.isArray(prefetch) ? prefetch : [prefetch]).map((child) =>
      readNode(readObject(child, 'prefetch'), depth + 1),
    ),
    scoring: optional(fields['query'], 'query', readScoring),
    using: optional(fields['using'], 'using', readString) ?? DEFAULT_VECTOR,
    filter: optional(fields['filter'], 'filter', readFilter),
    scoreThreshold: optional(fields['score_threshold'], 'score_threshold', readNumber),
    limit:
      optional(fields['limit'], 'internal.limit', (limit, field) => readUnsigned(limit, field, 1)) ??
      DEFAULT_LIMIT,
  };
  checkCombination(node);
  return node;
}

export function readQuery(config: CollectionConfig, body: unknown): QueryRequest {
  const fields = readObject(body, 'body');
  return {
    ...readNode(fields, 0),
    offset: optional(fields['offset'], 'offset', readUnsigned) ?? 0,
    output: readOutput(config, fields, false),
  };
}
