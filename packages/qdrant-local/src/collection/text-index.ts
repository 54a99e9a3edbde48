import { queryTokens, textMatcher, tokensOf } from '../filter/text.ts';
import type { TextForm } from '../filter/types.ts';
import type { TextParams } from '../types.ts';
import { EntryLists } from './entry-lists.ts';

const NONE: ReadonlySet<number> = new Set();

/** The slots of each token of one indexed text field: ascending, in typed arrays, which many short Sets would outgrow. */
export class TextIndex {
  readonly #params: TextParams;
  readonly #lists = new Map<string, number>();
  readonly #entries = new EntryLists();
  readonly #free: number[] = [];

  constructor(params: TextParams) {
    this.#params = params;
  }

  add(slot: number, texts: readonly string[]): void {
    for (const token of this.#tokens(texts)) {
      let list = this.#lists.get(token);
      if (list === undefined) {
        list = this.#free.pop() ?? this.#lists.size;
        this.#lists.set(token, list);
      }
      this.#entries.add(list, slot, 0);
    }
  }

  remove(slot: number, texts: readonly string[]): void {
    for (const token of this.#tokens(texts)) {
      const list = this.#lists.get(token);
      if (list === undefined || !this.#has(list, slot)) continue;
      this.#entries.remove(list, this.#entries.find(list, slot));
      if (this.#entries.length(list) > 0) continue;
      this.#entries.clear(list);
      this.#lists.delete(token);
      this.#free.push(list);
    }
  }

  /** The slots that match. A phrase is looked for in the texts of those that have all of its words. */
  matches(query: string, form: TextForm, textsAt: (slot: number) => readonly string[]): ReadonlySet<number> {
    const asked = queryTokens(query, this.#params);
    const tokens = [...new Set(asked)];
    if (tokens.length === 0 || (form === 'phrase' && !this.#params.phrases)) return NONE;
    const lists = this.#params.tokenizer === 'prefix' ? this.#startingWith(tokens) : this.#having(tokens);
    if (form === 'any') return new Set(lists.flatMap((one) => this.#union(one)));
    const slots = this.#intersection(lists);
    // A phrase of one word holds wherever the word is.
    if (form === 'all' || asked.length === 1 || slots.length === 0) return new Set(slots);
    const holds = textMatcher(query, form, this.#params);
    return new Set(slots.filter((slot) => holds(textsAt(slot))));
  }

  /** The lists of each token. */
  #having(tokens: readonly string[]): number[][] {
    return tokens.map((token) => {
      const list = this.#lists.get(token);
      return list === undefined ? [] : [list];
    });
  }

  /** One pass over the words however many tokens there are: a long query must not take long. */
  #startingWith(tokens: readonly string[]): number[][] {
    const longest = tokens.reduce((length, token) => Math.max(length, token.length), 0);
    const found = new Map<string, number[]>(tokens.map((token) => [token, []]));
    for (const [word, list] of this.#lists) {
      for (let end = Math.min(word.length, longest); end > 0; end--)
        found.get(word.slice(0, end))?.push(list);
    }
    return [...found.values()];
  }

  /** The slots that are in one of the lists of every token; the shortest are walked, the others asked. */
  #intersection(tokens: readonly number[][]): number[] {
    const sizeOf = (lists: number[]): number =>
      lists.reduce((sum, list) => sum + this.#entries.length(list), 0);
    const [fewest = [], ...others] = tokens.toSorted((a, b) => sizeOf(a) - sizeOf(b));
    return this.#union(fewest).filter((slot) =>
      others.every((lists) => lists.some((list) => this.#has(list, slot))),
    );
  }

  #union(lists: readonly number[]): number[] {
    const all = lists.map((list) => {
      const start = this.#entries.start(list);
      return this.#entries.keys(list).subarray(start, start + this.#entries.length(list));
    });
    return all.length === 1 ? Array.from(all[0] ?? []) : [...new Set(all.flatMap((keys) => [...keys]))];
  }

  #has(list: number, slot: number): boolean {
    const at = this.#entries.find(list, slot);
    return (
      at < this.#entries.length(list) && this.#entries.keys(list)[this.#entries.start(list) + at] === slot
    );
  }

  #tokens(texts: readonly string[]): Set<string> {
    return new Set(texts.flatMap((text) => tokensOf(text, this.#params)));
  }
}
