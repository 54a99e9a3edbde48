import type { DenseEncoder, SparseEncoder } from '@afk/encoders';
import { tokenOf } from '../encoders/source.ts';

/** Raise when what is stored beside the vectors changes (`storedOf` of `@afk/search`): every index is then made anew. */
const STORED = 1;

/** What a headline's point is made by. */
export type Encoders = { sparse: SparseEncoder; dense: DenseEncoder | undefined };

/** Equal versions: equal points. */
export type Version = { stored: number; sparse: string; dense: string | null };

export const versionOf = ({ sparse, dense }: Encoders): Version => ({
  stored: STORED,
  sparse: tokenOf(sparse),
  dense: dense ? tokenOf(dense) : null,
});

export const textOf = ({ stored, sparse, dense }: Version): string => `${stored} ${sparse} ${dense ?? '-'}`;

export const isSame = (a: Version, b: Version): boolean => textOf(a) === textOf(b);
