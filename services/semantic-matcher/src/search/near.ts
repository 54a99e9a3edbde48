import type { Nears } from '@afk/search';
import type { Answering } from '../index/indexes.ts';
import { numbersOf } from '../index/collection.ts';
import { limited } from '../limited.ts';

/** How long a dense encoder may take for a query before the words answer alone, ms. */
const ENCODE_MS = 2000;
/** How long one that did not answer is not asked, ms: each search would wait for it. */
const AWAY_MS = 15_000;

/** What a search is to be near to, and what the reader should know of it. */
export type Nearby = { nears: Nears; notes: string[] };

/** Makes vectors of queries, for the index that answers. */
export class QueryEncoder {
  private away: { token: string; until: number } | undefined;

  async near(index: Answering, text: string, signal: AbortSignal): Promise<Nearby> {
    if (text === '') return { nears: {}, notes: [] };
    const { sparse } = index.encoders;
    const words = await sparse?.encodeQuery({ text }, { signal });
    const notes = sparse ? [] : ['The words of this query cannot be asked for until the index is made anew.'];
    const token = index.version?.dense;
    if (!token) return { nears: { sparse: words }, notes };
    try {
      return { nears: { sparse: words, dense: await this.meaning(index, token, text, signal) }, notes };
    } catch {
      signal.throwIfAborted();
      const note = `The encoder of meanings (${token}) does not answer: found by words alone.`;
      return { nears: { sparse: words }, notes: [...notes, note] };
    }
  }

  private async meaning(
    { encoders: { dense } }: Answering,
    token: string,
    text: string,
    signal: AbortSignal,
  ): Promise<number[] | undefined> {
    if (!dense) throw new Error(`${token} is not to be had`);
    if (this.away?.token === token && performance.now() < this.away.until) throw new Error('away');
    try {
      const vector = await limited(ENCODE_MS, signal, (limit) =>
        dense.encodeQuery({ text }, { signal: limit }),
      );
      return vector && numbersOf(vector);
    } catch (error) {
      if (!signal.aborted) this.away = { token, until: performance.now() + AWAY_MS };
      throw error;
    }
  }
}

/** Near to a headline that is indexed; `byWords`: it has no dense vector. */
export function likes({ version }: Answering, id: string, byWords: boolean): Nearby {
  return { nears: { sparse: id, dense: version?.dense && !byWords ? id : undefined }, notes: [] };
}
