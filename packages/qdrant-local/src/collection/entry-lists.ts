/** Entries of lists that share one pair of arrays. */
interface Page {
  keys: Uint32Array;
  values: Float32Array;
}

const PAGE_ENTRIES = 32_768;
/** Room for 1, 2, 3, 4, 6, 8, 12, 16, ... entries; what exceeds the last has a page of its own. */
const ROOMS = [
  1,
  ...Array.from({ length: 14 }, (_, power) => [2 ** (power + 1), 3 * 2 ** power]).flat(),
  32_768,
];
const OWN_PAGE = ROOMS.length;
/** By number of entries: the place in ROOMS of the least room for them. */
const KINDS = Uint8Array.from({ length: PAGE_ENTRIES + 1 }, (_, entries) =>
  ROOMS.findIndex((room) => room >= entries),
);

const PAGE = 0;
const START = 1;
const LENGTH = 2;
/** Kind of room: 0 for none, otherwise its place in ROOMS plus one. */
const ROOM = 3;

const newPage = (entries: number): Page => ({
  keys: new Uint32Array(entries),
  values: new Float32Array(entries),
});

/**
 * Lists of (key, value), named by numbers from 0 on, in shared typed arrays: hundreds of thousands of short lists
 * as objects of their own would take several times what is in them.
 */
export class EntryLists {
  readonly #pages: Page[] = [];
  readonly #freePages: number[] = [];
  /** By kind of room: where one is free, as page * PAGE_ENTRIES + start. */
  readonly #free: number[][] = ROOMS.map(() => []);
  /** Four numbers a list, beside each other since they are needed together; see PAGE, START, LENGTH and ROOM. */
  #about = new Uint32Array(0);
  #open = -1;
  #openUsed = PAGE_ENTRIES;

  length(list: number): number {
    return this.#about[list * 4 + LENGTH] ?? 0;
  }

  /** Where the list's first entry is in `keys` and `values`. */
  start(list: number): number {
    return this.#about[list * 4 + START] as number;
  }

  keys(list: number): Uint32Array {
    return (this.#pages[this.#about[list * 4 + PAGE] as number] as Page).keys;
  }

  values(list: number): Float32Array {
    return (this.#pages[this.#about[list * 4 + PAGE] as number] as Page).values;
  }

  /** Puts an entry at its place in a list whose keys ascend. */
  add(list: number, key: number, value: number): void {
    const length = this.length(list);
    // Keys mostly come in order.
    const inOrder = length === 0 || (this.keys(list)[this.start(list) + length - 1] as number) < key;
    this.insert(list, inOrder ? length : this.find(list, key), key, value);
  }

  /** Replaces the list's entries. */
  set(list: number, keys: Uint32Array, values: Float32Array): void {
    this.clear(list);
    if (keys.length === 0) return;
    this.#give(list, keys.length);
    this.keys(list).set(keys, this.start(list));
    this.values(list).set(values, this.start(list));
    this.#about[list * 4 + LENGTH] = keys.length;
  }

  insert(list: number, position: number, key: number, value: number): void {
    const length = this.length(list);
    if (length === this.#capacity(list)) this.#move(list, length);
    const at = this.start(list) + position;
    const [keys, values] = [this.keys(list), this.values(list)];
    const end = this.start(list) + length;
    if (at < end) {
      keys.copyWithin(at + 1, at, end);
      values.copyWithin(at + 1, at, end);
    }
    keys[at] = key;
    values[at] = value;
    this.#about[list * 4 + LENGTH] = length + 1;
  }

  remove(list: number, position: number): void {
    const length = this.length(list);
    const at = this.start(list) + position;
    const end = this.start(list) + length;
    this.keys(list).copyWithin(at, at + 1, end);
    this.values(list).copyWithin(at, at + 1, end);
    this.#about[list * 4 + LENGTH] = length - 1;
  }

  clear(list: number): void {
    if (list * 4 >= this.#about.length) this.#reserve(list);
    this.#release(list);
    this.#about[list * 4 + LENGTH] = 0;
  }

  /** The place of the first key that is not below `key`, in a list whose keys ascend. */
  find(list: number, key: number): number {
    const [keys, start] = [this.keys(list), this.start(list)];
    let low = 0;
    let high = this.length(list);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[start + middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #capacity(list: number): number {
    const room = this.#about[list * 4 + ROOM] ?? 0;
    if (room === 0) return 0;
    return room > OWN_PAGE ? this.keys(list).length : (ROOMS[room - 1] as number);
  }

  /** To a place with more room. */
  #move(list: number, length: number): void {
    if (list * 4 >= this.#about.length) this.#reserve(list);
    const room = this.#about[list * 4 + ROOM] as number;
    const [page, start] = [this.#about[list * 4 + PAGE] as number, this.#about[list * 4 + START] as number];
    const from = this.#pages[page];
    this.#give(list, length < PAGE_ENTRIES ? length + 1 : Math.ceil(length * 1.25));
    if (room === 0 || !from) return;
    this.keys(list).set(from.keys.subarray(start, start + length), this.start(list));
    this.values(list).set(from.values.subarray(start, start + length), this.start(list));
    this.#put(room, page, start);
  }

  /** Finds a place; what the list had is not touched. */
  #give(list: number, entries: number): void {
    const kind = KINDS[entries];
    if (kind === undefined) {
      this.#about[list * 4 + PAGE] = this.#addPage(entries);
      this.#about[list * 4 + START] = 0;
      this.#about[list * 4 + ROOM] = OWN_PAGE + 1;
      return;
    }
    const place = this.#free[kind]?.pop() ?? this.#cut(ROOMS[kind] as number);
    this.#about[list * 4 + PAGE] = Math.floor(place / PAGE_ENTRIES);
    this.#about[list * 4 + START] = place % PAGE_ENTRIES;
    this.#about[list * 4 + ROOM] = kind + 1;
  }

  /** From the end of the open page. What is left of it when it is too short is lost: at most half a page. */
  #cut(entries: number): number {
    if (this.#openUsed + entries > PAGE_ENTRIES) {
      this.#open = this.#addPage(PAGE_ENTRIES);
      this.#openUsed = 0;
    }
    const place = this.#open * PAGE_ENTRIES + this.#openUsed;
    this.#openUsed += entries;
    return place;
  }

  #addPage(entries: number): number {
    const page = this.#freePages.pop() ?? this.#pages.length;
    this.#pages[page] = newPage(entries);
    return page;
  }

  #release(list: number): void {
    const room = this.#about[list * 4 + ROOM] as number;
    if (room > 0)
      this.#put(room, this.#about[list * 4 + PAGE] as number, this.#about[list * 4 + START] as number);
    this.#about[list * 4 + ROOM] = 0;
  }

  #put(room: number, page: number, start: number): void {
    if (room <= OWN_PAGE) this.#free[room - 1]?.push(page * PAGE_ENTRIES + start);
    else {
      this.#pages[page] = newPage(0);
      this.#freePages.push(page);
    }
  }

  #reserve(list: number): void {
    const about = new Uint32Array(Math.max(list * 4 + 4, this.#about.length * 2, 1024));
    about.set(this.#about);
    this.#about = about;
  }
}
