import type { Logger } from '@afk/bus';
import type { Pool } from '@afk/database';
import { bm25Encoder, type DenseEncoder, type SparseEncoder } from '@afk/encoders';
import { ollamaEncoder } from '@afk/encoders/ollama';
import { onnxEncoder, spladeEncoder } from '@afk/encoders/onnx';
import { existsSync } from 'node:fs';
import type { Env } from '../env.ts';
import { LsaSource } from './lsa.ts';
import { fixedSource, type EncoderSource } from './source.ts';

/**
 * The encoders that the settings name. A model on this machine is read at once, and must be there; a server may come
 * later.
 */
export async function openSource(env: Env, { db, log }: { db: Pool; log: Logger }): Promise<EncoderSource> {
  const sparse = await openSparse(env);
  if (env.SEARCH_ENCODER === 'lsa') return new LsaSource({ db, sparse, log });
  return fixedSource(sparse, await openDense(env));
}

async function openSparse(env: Env): Promise<SparseEncoder> {
  const { SEARCH_SPARSE, SEARCH_SPARSE_MODEL: model = '' } = env;
  return SEARCH_SPARSE === 'splade' ? spladeEncoder({ source: sourceOf(model, env) }) : bm25Encoder();
}

async function openDense(env: Env): Promise<(() => Promise<DenseEncoder>) | undefined> {
  const { SEARCH_MODEL: model = '' } = env;
  const prefixes = { query: env.SEARCH_QUERY_PREFIX ?? '', document: env.SEARCH_DOCUMENT_PREFIX ?? '' };
  if (env.SEARCH_ENCODER === 'ollama') {
    return () => ollamaEncoder({ url: env.SEARCH_OLLAMA_URL, model, prefixes });
  }
  if (env.SEARCH_ENCODER !== 'onnx') return undefined;
  const encoder = await onnxEncoder({ source: sourceOf(model, env), prefixes, pooling: env.SEARCH_POOLING });
  return async () => encoder;
}

/** A folder that is there, or a model's name on the hub. */
function sourceOf(model: string, env: Env): { folder: string } | { hub: string; cache: string } {
  return existsSync(model) ? { folder: model } : { hub: model, cache: env.SEARCH_MODEL_CACHE };
}
