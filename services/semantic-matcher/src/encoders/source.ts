import type { DenseEncoder, SparseEncoder } from '@afk/encoders';

/** Where the encoders come from. */
export interface EncoderSource {
  readonly sparse: SparseEncoder;
  /** The one that an index was made with, by {@link tokenOf}; undefined where its queries are not known here. */
  sparseOf(token: string): SparseEncoder | undefined;
  /** The dense encoder that an index is to be made with now; undefined: there is none (yet). */
  dense(): Promise<DenseEncoder | undefined>;
  /** The one that an index was made with, by {@link tokenOf}; undefined where it cannot be had any more. */
  denseOf(token: string): Promise<DenseEncoder | undefined>;
  /** Makes `dense` fit the headlines as they are now, where it is made of them. May take long. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Forgets what only other dense encoders needed than these. */
  keep(tokens: readonly string[]): Promise<void>;
}

/** Names an encoder so that equal names mean equal vectors. */
export const tokenOf = ({ name, version }: { name: string; version: string }): string => `${name}-${version}`;

/**
 * This sparse encoder where its queries fit the vectors of that one: it is the same, or BM25 of the same revision, whose other
 * options weigh documents only.
 */
export function asksAlike(sparse: SparseEncoder, token: string): SparseEncoder | undefined {
  const own = tokenOf(sparse);
  const revision = (name: string): string | undefined => /^bm25-\d+-/.exec(name)?.[0];
  return token === own || (revision(own) && revision(own) === revision(token)) ? sparse : undefined;
}

/** A dense encoder that does not depend on the headlines, or none. */
export function fixedSource(sparse: SparseEncoder, open?: () => Promise<DenseEncoder>): EncoderSource {
  let opened: Promise<DenseEncoder> | undefined;
  const dense = async (): Promise<DenseEncoder | undefined> => {
    opened ??= open?.().catch((error: unknown) => {
      // Its server may come back.
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    sparse,
    sparseOf: (token) => asksAlike(sparse, token),
    dense,
    async denseOf(token) {
      const encoder = await dense();
      return encoder && tokenOf(encoder) === token ? encoder : undefined;
    },
    refresh: async () => {},
    keep: async () => {},
  };
}
