import type { IndexHeadline } from '@afk/database';
import type { SparseVector } from '@afk/encoders';
import { limited } from '../limited.ts';
import type { OpenIndex } from './indexes.ts';

/** The vectors of headlines. `failure`: why there are no dense ones where the index has them. */
export type Encoded = {
  sparse: SparseVector[];
  dense: Float32Array[] | undefined;
  failure: Error | undefined;
};

/** How long a dense encoder may take for a page, ms; 0: it is not asked. */
export type Patience = { signal: AbortSignal; denseMs: number };

/** Makes the vectors of an index; those of the sparse side alone where the dense encoder does not answer. */
export async function encode(
  { encoders: { sparse, dense }, version }: OpenIndex,
  headlines: readonly IndexHeadline[],
  { signal, denseMs }: Patience,
): Promise<Encoded> {
  const words = await sparse.encodeDocuments(headlines, { signal });
  if (version.dense === null) return { sparse: words, dense: undefined, failure: undefined };
  try {
    if (!dense) throw new Error(`the encoder ${version.dense} is not to be had`);
    if (denseMs <= 0) throw new Error(`the encoder ${version.dense} did not answer`);
    const encode = (limit: AbortSignal) => dense.encodeDocuments(headlines, { signal: limit });
    return { sparse: words, dense: await limited(denseMs, signal, encode), failure: undefined };
  } catch (error) {
    signal.throwIfAborted();
    return { sparse: words, dense: undefined, failure: error as Error };
  }
}
