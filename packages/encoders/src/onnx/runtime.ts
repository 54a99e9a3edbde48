import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { EncodeOptions } from '../types.ts';

/*
 * The runtime and the tokeniser are no dependencies: the runtime is large, and onnxruntime-node downloads when it is installed.
 * What is used of them is typed here, as their types are not there either.
 */
export type Tensor = { readonly dims: readonly number[]; readonly data: ArrayLike<number | bigint> };
export type Session = {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
};
export type Runtime = {
  InferenceSession: { create(model: Uint8Array, options?: object): Promise<Session> };
  Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => Tensor;
};
export type Tokeniser = {
  encode(text: string): { ids: number[] };
  token_to_id(token: string): number | undefined;
};
type Tokenisers = { Tokenizer: new (tokenizer: object, config: object) => Tokeniser };

/** onnxruntime-node is several times as fast; onnxruntime-web is WebAssembly and comes with npm alone. */
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'];
const TOKENISERS = ['@huggingface/tokenizers'];
/** Pinned, and apart from what every installation has. */
const OWN = new URL('../../onnx-runtime/package.json', import.meta.url);
const INSTALL = 'npm ci --prefix packages/encoders/onnx-runtime';

/** Throws an error that says what to install. */
export const loadRuntime = (names: readonly string[] = RUNTIMES): Promise<Runtime> =>
  firstOf(names, 'a runtime', ({ InferenceSession, Tensor }) => InferenceSession && Tensor);

export const loadTokenisers = (names: readonly string[] = TOKENISERS): Promise<Tokenisers> =>
  firstOf(names, 'a tokeniser', ({ Tokenizer }) => Tokenizer);

async function firstOf<T>(
  names: readonly string[],
  what: string,
  fits: (module: Record<string, unknown>) => unknown,
): Promise<T> {
  const reasons: string[] = [];
  for (const name of names) {
    try {
      const loaded = (await load(name)) as Record<string, unknown> & { default?: Record<string, unknown> };
      // CommonJS comes as a default export.
      const found = [loaded, loaded.default].find((module) => module && fits(module));
      if (found) return found as T;
      reasons.push(`${name} is of another version`);
    } catch (error) {
      const missing = isMissing(error);
      // Installed but broken, as onnxruntime-node without its binary is, is another matter than missing.
      reasons.push(
        missing ? `${name} is not installed` : `${name} does not load: ${(error as Error).message}`,
      );
    }
  }
  throw new Error(`the onnx encoders need ${what}: ${reasons.join('; ')}. Run \`${INSTALL}\``);
}

const isMissing = (error: unknown): boolean =>
  ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String((error as { code?: string }).code));

/** What the installation has, else what lies in the folder that is there for it. */
async function load(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return import(pathToFileURL(createRequire(OWN).resolve(name)).href);
  }
}

/** Refuses to go on where the caller has given up: inference itself cannot be stopped. */
export const checkAbort = ({ signal }: EncodeOptions): void => signal?.throwIfAborted();
