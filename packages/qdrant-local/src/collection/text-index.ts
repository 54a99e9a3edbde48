import { queryTokens, textMatcher, tokensOf } from '../filter/text.ts';
import type { TextForm } from '../filter/types.ts';
import type { TextParams } from '../types.ts';

const NONE: ReadonlySet<number> = new Set();

function intersection(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  const [smallest = NONE, ...others] = sets.toSorted((a, b) => a.size - b.size);
  if (others.length === 0) return smallest;
  const shared = new Set<number>();
  for (const slot of smallest) if (others.every((set) => set.has(slot))) shared.add(slot);
  return shared;
}

function union(sets: readonly ReadonlySet<number>[]): ReadonlySet<number> {
  const [first = NONE, ...others] = sets;
  if (others.length === 0) return first;
  const all = new Set(first);
  for (const set of others) for (const slot of set) all.add(slot);
  return all;
}

/** The slots of each token of one indexed text field. */
export class TextIndex {
  readonly #params: TextParams;
  readonly #slots = new Map<string, Set<number>>();

  constructor(params: TextParams) {
    this.#params = params;
  }

  add(slot: number, texts: readonly string[]): void {
    for (const token of this.#tokens(texts)) {
      const slots = this.#slots.get(token);
      if (slots) slots.add(slot);
      else this.#slots.set(token, new Set([slot]));
    }
  }

  remove(slot: number, texts: readonly string[]): void {
    for (const token of this.#tokens(texts)) {
      const slots = this.#slots.get(token);
      slots?.delete(slot);
      if (slots?.size === 0) this.#slots.delete(token);
    }
  }

  /** The slots that match. A phrase is looked for in the texts of those that have all of its words. */
  matches(query: string, form: TextForm, textsAt: (slot: number) => readonly string[]): ReadonlySet<number> {
    const tokens = queryTokens(query, this.#params);
    if (tokens.length === 0 || (form === 'phrase' && !this.#params.phrases)) return NONE;
    const sets = this.#having([...new Set(tokens)]);
    if (form === 'any') return union(sets);
    const slots = intersection(sets);
    if (form === 'all' || slots.size === 0) return slots;
    const holds = textMatcher(query, form, this.#params);
    return new Set([...slots].filter((slot) => holds(textsAt(slot))));
  }

  /** The slots of each token. */
  #having(tokens: readonly string[]): ReadonlySet<number>[] {
    if (this.#params.tokenizer !== 'prefix') return tokens.map((token) => this.#slots.get(token) ?? NONE);
    const found = new Map<string, ReadonlySet<number>[]>(tokens.map((token) => [token, []]));
    const longest = tokens.reduce((length, token) => Math.max(length, token.length), 0);
    // One pass over the words however many tokens there are: a long query must not take long.
    for (const [word, slots] of this.#slots) {
      for (let end = Math.min(word.length, longest); end > 0; end--)
        found.get(word.slice(0, end))?.push(slots);
    }
    return Array.from(found.values(), union);
  }

  #tokens(texts: readonly string[]): Set<string> {
    return new Set(texts.flatMap((text) => tokensOf(text, this.#params)));
  }
}
