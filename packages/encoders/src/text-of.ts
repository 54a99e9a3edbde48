import { splitWords } from '@afk/text';
import type { EncoderDocument, EncoderQuery } from './types.ts';

// Beyond it a feed has put the article in, and models read some hundred words.
const LONGEST = 4000;

/** Put before a text by models that were trained so, as `query: ` and `passage: ` of E5. */
export type Prefixes = { query?: string; document?: string };

/** What a neural model reads of a document; undefined where it has no word. */
export function documentText({ title, summary }: EncoderDocument, prefixes: Prefixes): string | undefined {
  const text = summary.trim() === '' ? title : `${title}\n${summary}`;
  return readable(text, prefixes.document);
}

/** The same of a query. */
export const queryText = ({ text }: EncoderQuery, prefixes: Prefixes): string | undefined =>
  readable(text, prefixes.query);

function readable(text: string, prefix = ''): string | undefined {
  // Half a surrogate pair is no UTF-8.
  const cut = text.slice(0, LONGEST).toWellFormed();
  return splitWords(cut, 'und').length > 0 ? prefix + cut : undefined;
}

/** Encodes the texts that there are, in order; a missing one gives the zero vector. */
export async function encodePresent(
  texts: readonly (string | undefined)[],
  dimension: number,
  encode: (texts: string[]) => Promise<Float32Array[]>,
): Promise<Float32Array[]> {
  const vectors = await encode(texts.filter((text) => text !== undefined));
  let next = 0;
  return texts.map((text) => (text === undefined ? new Float32Array(dimension) : vectors[next++]!));
}

/** Length one, in place; zeros stay. */
export function normalised(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let i = 0; i < vector.length; i += 1) vector[i] = vector[i]! * scale;
  return vector;
}
