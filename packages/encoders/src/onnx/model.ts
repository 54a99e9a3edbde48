import { readModelFiles } from './files.ts';
import type { ModelFiles, ModelSource } from './files.ts';
import type { Tokens } from './pool.ts';
import { checkAbort, loadRuntime, loadTokenisers } from './runtime.ts';
import type { Runtime, Session, Tensor, Tokeniser } from './runtime.ts';
import type { EncodeOptions } from '../types.ts';

export type OnnxModelOptions = {
  source: ModelSource;
  /** Tokens of a text at most, its special ones among them. */
  maxTokens: number;
  /** Texts of one run of the model. */
  batchSize: number;
  /** Which output to read; the first of those that the model has. */
  outputs: readonly string[];
  signal?: AbortSignal;
};

/** A model that is loaded, and the tokens that it makes of texts. */
export type OnnxModel = {
  hash: string;
  /** One result a text, in order. */
  run<T>(texts: readonly string[], read: (tokens: Tokens) => T, options?: EncodeOptions): Promise<T[]>;
};

export async function loadOnnxModel(options: OnnxModelOptions): Promise<OnnxModel> {
  for (const name of ['maxTokens', 'batchSize'] as const)
    if (!Number.isSafeInteger(options[name]) || options[name] < 1)
      throw new RangeError(`onnx: ${name} ${options[name]}: must be a whole number above 0`);
  const [runtime, { Tokenizer }] = await Promise.all([loadRuntime(), loadTokenisers()]);
  const files = await readModelFiles(options.source, options.signal);
  const session = await createSession(runtime, files);
  const output = options.outputs.find((name) => session.outputNames.includes(name)) ?? session.outputNames[0];
  if (output === undefined) throw new Error('onnx: the model has no output');
  const tokeniser = new Tokenizer(files.tokeniser, files.tokeniserConfig);
  const padding = paddingOf(tokeniser, files.tokeniserConfig);
  const runBatch = async (texts: readonly string[]): Promise<Tokens[]> => {
    const ids = texts.map((text) => cut(tokeniser.encode(text).ids, options.maxTokens));
    const feeds = feedsOf(runtime, session, ids, padding);
    return split((await session.run(feeds))[output]!, ids, output);
  };
  return {
    hash: files.hash,
    async run(texts, read, encodeOptions = {}) {
      const results = [];
      for (let i = 0; i < texts.length; i += options.batchSize) {
        checkAbort(encodeOptions);
        results.push(...(await runBatch(texts.slice(i, i + options.batchSize))).map(read));
        // WebAssembly computes on this thread.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return results;
    },
  };
}

async function createSession(runtime: Runtime, { model }: ModelFiles): Promise<Session> {
  try {
    return await runtime.InferenceSession.create(model);
  } catch (cause) {
    throw new Error(`onnx: the runtime refuses the model: ${(cause as Error).message}`, { cause });
  }
}

function paddingOf(tokeniser: Tokeniser, config: Record<string, unknown>): number {
  const token = config['pad_token'];
  const written = typeof token === 'string' ? token : (token as { content?: string } | undefined)?.content;
  // Masked tokens are not read: any will do where a tokeniser names none.
  return tokeniser.token_to_id(written ?? '[PAD]') ?? 0;
}

/** The last token, which ends a text, is kept. */
const cut = (ids: readonly number[], most: number): number[] =>
  ids.length <= most ? [...ids] : [...ids.slice(0, most - 1), ids.at(-1)!];

function feedsOf(
  runtime: Runtime,
  session: Session,
  ids: readonly number[][],
  padding: number,
): Record<string, Tensor> {
  const longest = Math.max(1, ...ids.map((text) => text.length));
  const tensor = (of: (id: number | undefined) => number): Tensor => {
    const data = new BigInt64Array(ids.length * longest);
    for (const [row, text] of ids.entries())
      for (let i = 0; i < longest; i += 1) data[row * longest + i] = BigInt(of(text[i]));
    return new runtime.Tensor('int64', data, [ids.length, longest]);
  };
  const known: Record<string, () => Tensor> = {
    input_ids: () => tensor((id) => id ?? padding),
    attention_mask: () => tensor((id) => (id === undefined ? 0 : 1)),
    token_type_ids: () => tensor(() => 0),
  };
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) {
    const make = known[name];
    if (!make) throw new Error(`onnx: the model wants the input ${name}, which no text encoder has`);
    feeds[name] = make();
  }
  return feeds;
}

/** texts x tokens x width, or texts x width where the model has pooled already. */
function split({ dims, data }: Tensor, ids: readonly number[][], output: string): Tokens[] {
  const [texts, ...rest] = dims;
  const width = rest.at(-1) ?? 0;
  if (!(data instanceof Float32Array) || texts !== ids.length || rest.length < 1 || rest.length > 2)
    throw new Error(`onnx: the output ${output} is [${dims.join(', ')}], not float32 [texts, tokens, width]`);
  const stride = rest.reduce((product, size) => product * size, 1);
  return ids.map((text, row) => ({
    values: data.subarray(row * stride, (row + 1) * stride),
    length: rest.length === 1 ? 1 : text.length,
    width,
  }));
}
