import type { TextParams } from '../types.ts';
import type { TextForm } from './types.ts';

const SEPARATORS = {
  word: /[^\p{Alphabetic}\p{N}]+/u,
  prefix: /[^\p{Alphabetic}\p{N}]+/u,
  whitespace: /\s+/u,
};

function words(text: string, params: TextParams): string[] {
  const cased = params.lowercase ? text.toLowerCase() : text;
  const stopwords = params.stopwords ?? [];
  return cased
    .split(SEPARATORS[params.tokenizer])
    .filter((word) => word.length > 0 && !stopwords.includes(word));
}

const lengthOf = (word: string): number => [...word].length;

const hasLength = (word: string, params: TextParams): boolean => {
  const length = lengthOf(word);
  return length >= params.minTokenLength && length <= params.maxTokenLength;
};

/** The tokens that a text is found by, in order. With the prefix tokenizer whole words, of which starts match. */
export function tokensOf(text: string, params: TextParams): string[] {
  const all = words(text, params);
  if (params.tokenizer === 'prefix') return all.filter((word) => lengthOf(word) >= params.minTokenLength);
  return all.filter((word) => hasLength(word, params));
}

/** What to look for; with the prefix tokenizer, the starts of words that are kept. */
export function queryTokens(query: string, params: TextParams): string[] {
  if (params.tokenizer !== 'prefix') return tokensOf(query, params);
  const cut = words(query, params).map((word) => [...word].slice(0, params.maxTokenLength).join(''));
  return cut.filter((word) => lengthOf(word) >= params.minTokenLength);
}

function containsRun(tokens: readonly string[], run: readonly string[]): boolean {
  return tokens.some((_, start) => run.every((word, step) => tokens[start + step] === word));
}

/**
 * A test of texts against a query under a text index. A query without tokens matches nothing, and neither does
 * a phrase unless the index was made for phrases.
 */
export function textMatcher(
  query: string,
  form: TextForm,
  params: TextParams,
): (texts: readonly string[]) => boolean {
  const wanted = queryTokens(query, params);
  if (wanted.length === 0 || (form === 'phrase' && !params.phrases)) return () => false;
  return (texts) => {
    const tokens = texts.flatMap((text) => tokensOf(text, params));
    if (form === 'phrase') return containsRun(tokens, wanted);
    const known = new Set(tokens);
    const found = (word: string): boolean =>
      params.tokenizer === 'prefix' ? tokens.some((token) => token.startsWith(word)) : known.has(word);
    return form === 'any' ? wanted.some(found) : wanted.every(found);
  };
}

/** The test where there is no text index: the query, or some word of it, stands in the text as it is written. */
export function substringMatcher(query: string, form: TextForm): (texts: readonly string[]) => boolean {
  const parts = form === 'any' ? query.split(/\s+/u).filter((part) => part.length > 0) : [query];
  return (texts) => texts.some((text) => parts.some((part) => text.includes(part)));
}
