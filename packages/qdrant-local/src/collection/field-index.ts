import { parseDatetime } from '../filter/datetime.ts';
import type { Scalar } from '../filter/types.ts';
import { flatValuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { canonicalUuid } from '../request/point-id.ts';
import type { FieldSchema, FieldType, Json, Payload } from '../types.ts';
import { TextIndex } from './text-index.ts';

/** A payload value as the index keeps it; undefined for one that is not of its type. */
const INDEXED: Record<FieldType, (value: Json) => Scalar | undefined> = {
  keyword: (value) => (typeof value === 'string' ? value : undefined),
  text: (value) => (typeof value === 'string' ? value : undefined),
  integer: (value) => (Number.isInteger(value) ? (value as number) : undefined),
  float: (value) => (typeof value === 'number' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  datetime: (value) => (typeof value === 'string' ? parseDatetime(value) : undefined),
  uuid: (value) => (typeof value === 'string' ? canonicalUuid(value) : undefined),
};

/** The points of one value; a set only where there are several, since many values have one. */
interface Posting {
  value: Scalar;
  slots: number | Set<number>;
}

/**
 * One indexed payload field: the values of each slot, and, for types that are looked up by value, the slots of
 * each value. Filters, order_by and facets work on these without reading payloads.
 */
export class FieldIndex {
  readonly path: JsonPath;
  readonly schema: FieldSchema;
  readonly text: TextIndex | undefined;
  readonly #column: (Scalar | Scalar[] | undefined)[] = [];
  readonly #postings = new Map<Scalar, Posting>();
  #points = 0;

  constructor(path: JsonPath, schema: FieldSchema) {
    this.path = path;
    this.schema = schema;
    this.text = schema.text && new TextIndex(schema.text);
  }

  /** Points with a value of the index's type. */
  get points(): number {
    return this.#points;
  }

  /** Whether the index serves match and facet. */
  get looksUp(): boolean {
    const { type, lookup } = this.schema;
    return (
      type === 'keyword' || type === 'bool' || type === 'uuid' || (type === 'integer' && lookup !== false)
    );
  }

  /** Whether the index serves range and order_by. */
  get ranges(): boolean {
    const { type, range } = this.schema;
    return type === 'float' || type === 'datetime' || (type === 'integer' && range !== false);
  }

  add(slot: number, payload: Payload): void {
    const values = this.#read(payload);
    if (values.length === 0) return;
    this.#points += 1;
    if (this.text) this.text.add(slot, values as string[]);
    else {
      const kept = this.looksUp ? values.map((value) => this.#post(slot, value)) : values;
      this.#column[slot] = kept.length === 1 ? kept[0] : kept;
    }
  }

  remove(slot: number, payload: Payload): void {
    const values = this.text ? this.#read(payload) : this.valuesAt(slot);
    if (values.length === 0) return;
    this.#points -= 1;
    if (this.text) this.text.remove(slot, values as string[]);
    else {
      this.#column[slot] = undefined;
      if (this.looksUp) for (const value of values) this.#unpost(slot, value);
    }
  }

  /** The value as the index keeps it; undefined for one that the index cannot have. */
  indexed(value: Scalar): Scalar | undefined {
    return INDEXED[this.schema.type](value);
  }

  /** Not of a text index. */
  valuesAt(slot: number): readonly Scalar[] {
    const values = this.#column[slot];
    return Array.isArray(values) ? values : values === undefined ? [] : [values];
  }

  /** Whether a value of the slot passes. Not of a text index. */
  some(slot: number, passes: (value: Scalar) => boolean): boolean {
    const values = this.#column[slot];
    return Array.isArray(values) ? values.some(passes) : values !== undefined && passes(values);
  }

  /** The slots of each of these values, as the index keeps them. */
  slotsOf(values: Iterable<Scalar>): ReadonlySet<number>[] {
    const found: ReadonlySet<number>[] = [];
    for (const value of values) {
      const slots = this.#postings.get(value)?.slots;
      if (slots !== undefined) found.push(typeof slots === 'number' ? new Set([slots]) : slots);
    }
    return found;
  }

  /** Each value and in how many points it is. */
  *counts(): Generator<[Scalar, number]> {
    for (const { value, slots } of this.#postings.values()) {
      yield [value, typeof slots === 'number' ? 1 : slots.size];
    }
  }

  #read(payload: Payload): Scalar[] {
    const values = flatValuesAt(payload, this.path).map(INDEXED[this.schema.type]);
    return values.filter((value) => value !== undefined);
  }

  /** Returns the value that is kept, so that equal strings are one string. */
  #post(slot: number, value: Scalar): Scalar {
    const posting = this.#postings.get(value);
    if (!posting) {
      this.#postings.set(value, { value, slots: slot });
      return value;
    }
    if (typeof posting.slots !== 'number') posting.slots.add(slot);
    else if (posting.slots !== slot) posting.slots = new Set([posting.slots, slot]);
    return posting.value;
  }

  #unpost(slot: number, value: Scalar): void {
    const posting = this.#postings.get(value);
    if (!posting) return;
    if (typeof posting.slots !== 'number') posting.slots.delete(slot);
    if (posting.slots === slot || (typeof posting.slots !== 'number' && posting.slots.size === 0)) {
      this.#postings.delete(value);
    }
  }
}
