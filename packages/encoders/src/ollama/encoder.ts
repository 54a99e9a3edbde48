import { fnv1a } from '@afk/text';
import { documentText, encodePresent, normalised, queryText } from '../text-of.ts';
import type { Prefixes } from '../text-of.ts';
import type { DenseEncoder } from '../types.ts';
import { ask, OllamaError } from './client.ts';
import type { ClientOptions } from './client.ts';

export type OllamaOptions = Partial<ClientOptions> & {
  /** As `ollama pull` takes it: `nomic-embed-text`, `bge-m3:567m`. */
  model: string;
  prefixes?: Prefixes;
  /** Cuts the vectors of models that allow it. */
  dimensions?: number;
  /** Texts of one request at most. */
  batchSize?: number;
  /** Characters of one request at most, unless one text alone is longer. */
  batchCharacters?: number;
  /** For the calls that find the model. */
  signal?: AbortSignal;
};

const DEFAULTS = {
  url: 'http://localhost:11434',
  timeoutMs: 60_000,
  attempts: 5,
  backoffMs: 250,
  headers: {},
  prefixes: {} as Prefixes,
  batchSize: 64,
  batchCharacters: 64_000,
};
type Settings = typeof DEFAULTS & OllamaOptions;

/**
 * Any embedding model on an Ollama server (`POST /api/embed`). Finds the model's digest, which is its version, and its dimension.
 * Throws OllamaError where the server does not answer or has not pulled the model.
 */
export async function ollamaEncoder(options: OllamaOptions): Promise<DenseEncoder> {
  const settings: Settings = { ...DEFAULTS, ...options };
  for (const name of ['timeoutMs', 'attempts', 'batchSize', 'batchCharacters'] as const)
    if (!(settings[name] >= 1)) throw new RangeError(`ollama: ${name} ${settings[name]}: must be 1 or more`);
  const { prefixes, signal } = settings;
  const digest = await digestOf(settings, signal);
  const [probe] = await embed(['headline'], settings, undefined, signal);
  const dimension = probe!.length;
  const encode = (texts: string[], signal?: AbortSignal) => embedAll(texts, settings, dimension, signal);
  return {
    kind: 'dense',
    name: 'ollama',
    version: versionOf(settings, digest, dimension),
    dimension,
    encodeDocuments: (docs, { signal } = {}) => {
      const texts = docs.map((doc) => documentText(doc, prefixes));
      return encodePresent(texts, dimension, (present) => encode(present, signal));
    },
    encodeQuery: async (query, { signal } = {}) => {
      const text = queryText(query, prefixes);
      return text === undefined ? undefined : (await encode([text], signal))[0];
    },
  };
}

function versionOf({ model, prefixes }: Settings, digest: string, dimension: number): string {
  const name = model.replace(/[^\w.=,-]+/g, '-').slice(0, 30);
  const prefixed = fnv1a(`${prefixes.query ?? ''}\u0000${prefixes.document ?? ''}`).toString(16);
  return `${name}-${digest.slice(0, 12)}-d=${dimension}-p=${prefixed}`;
}

type Tag = { name: string; digest: string };

/** A pulled update of a model has another digest, under the same name. */
async function digestOf(settings: Settings, signal: AbortSignal | undefined): Promise<string> {
  const answer = await ask('/api/tags', undefined, settings, signal);
  const { models } = answer as { models?: unknown };
  if (!Array.isArray(models)) throw new OllamaError(`ollama at ${settings.url}: /api/tags lists no models`);
  const wanted = settings.model.includes(':') ? settings.model : `${settings.model}:latest`;
  const found = (models as Partial<Tag>[]).find(({ name }) => name === wanted);
  if (typeof found?.digest !== 'string') throw notPulled(settings);
  return found.digest.replace(/^sha256:/, '');
}

const notPulled = ({ url, model }: Settings): OllamaError =>
  new OllamaError(`ollama at ${url} has no model ${model}: run \`ollama pull ${model}\` there`, {
    status: 404,
  });

async function embedAll(
  texts: readonly string[],
  settings: Settings,
  dimension: number,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const batch of batchesOf(texts, settings))
    vectors.push(...(await embed(batch, settings, dimension, signal)));
  return vectors;
}

function* batchesOf(
  texts: readonly string[],
  { batchSize, batchCharacters }: Settings,
): Generator<string[], void, undefined> {
  let batch: string[] = [];
  let characters = 0;
  for (const text of texts) {
    if (batch.length === batchSize || (batch.length > 0 && characters + text.length > batchCharacters)) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(text);
    characters += text.length;
  }
  if (batch.length > 0) yield batch;
}

async function embed(
  input: string[],
  settings: Settings,
  dimension: number | undefined,
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const { model, dimensions } = settings;
  const body = { model, input, truncate: true, ...(dimensions === undefined ? {} : { dimensions }) };
  const answer = await ask('/api/embed', body, settings, signal).catch((error: unknown) => {
    throw error instanceof OllamaError && error.status === 404 ? notPulled(settings) : error;
  });
  const { embeddings } = answer as { embeddings?: unknown };
  if (!Array.isArray(embeddings) || embeddings.length !== input.length)
    throw wrong(settings, `not ${input.length} embeddings`);
  return embeddings.map((embedding: unknown) => read(embedding, dimension, settings));
}

function read(embedding: unknown, dimension: number | undefined, settings: Settings): Float32Array {
  if (!Array.isArray(embedding) || embedding.length === 0 || !embedding.every(Number.isFinite))
    throw wrong(settings, 'an embedding that is no list of numbers');
  if (dimension !== undefined && embedding.length !== dimension)
    throw wrong(settings, `${embedding.length} dimensions, ${dimension} before`);
  return normalised(Float32Array.from(embedding as number[]));
}

const wrong = ({ url, model }: Settings, what: string): OllamaError =>
  new OllamaError(`ollama at ${url}: ${model} answered ${what}`);
