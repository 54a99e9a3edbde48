import type { TextParams } from '../types.ts';

const SEPARATORS = {
  word: /[^\p{Alphabetic}\p{N}]+/u,
  prefix: /[^\p{Alphabetic}\p{N}]+/u,
  whitespace: /\s+/u,
};

function words(text: string, params: TextParams): string[] {
  const cased = params.lowercase ? text.toLowerCase() : text;
  return cased.split(SEPARATORS[params.tokenizer]).filter((word) => word.length > 0);
}

const hasLength = (word: string, params: TextParams): boolean => {
  const length = [...word].length;
  return length >= params.minTokenLength && length <= params.maxTokenLength;
};

/**
 * A test of texts against a query under a text index: every token of the query is a token of the texts
 * (with the prefix tokenizer: the start of one). A query without tokens matches nothing.
 */
export function textMatcher(query: string, params: TextParams): (texts: string[]) => boolean {
  const prefix = params.tokenizer === 'prefix';
  const wanted = words(query, params).filter((word) => prefix || hasLength(word, params));
  if (wanted.length === 0) return () => false;
  return (texts) => {
    const tokens = new Set(texts.flatMap((text) => words(text, params)));
    if (prefix) return wanted.every((word) => [...tokens].some((token) => token.startsWith(word)));
    return wanted.every((word) => tokens.has(word));
  };
}
