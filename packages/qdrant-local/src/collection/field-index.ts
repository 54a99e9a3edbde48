import { parseDatetime } from '../filter/datetime.ts';
import type { Scalar } from '../filter/types.ts';
import { flatValuesAt } from '../payload/json-path.ts';
import type { JsonPath } from '../payload/json-path.ts';
import { canonicalUuid } from '../request/point-id.ts';
import type { FieldSchema, FieldType, Json, Payload } from '../types.ts';

const ACCEPTS: Record<FieldType, (value: Json) => boolean> = {
  keyword: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  datetime: (value) => typeof value === 'string' && parseDatetime(value) !== undefined,
  uuid: (value) => typeof value === 'string' && canonicalUuid(value) !== undefined,
};

/** Types whose values are kept by value, to find the points of a match without reading every payload. */
const BY_VALUE: ReadonlySet<FieldType> = new Set(['keyword', 'integer', 'bool']);

/** One indexed payload field. */
export class FieldIndex {
  readonly path: JsonPath;
  readonly schema: FieldSchema;
  readonly #slots = new Map<Scalar, Set<number>>();
  #points = 0;

  constructor(path: JsonPath, schema: FieldSchema) {
    this.path = path;
    this.schema = schema;
  }

  /** Points with a value of the index's type. */
  get points(): number {
    return this.#points;
  }

  add(slot: number, payload: Payload): void {
    const values = this.#values(payload);
    if (values.length > 0) this.#points += 1;
    if (!BY_VALUE.has(this.schema.type)) return;
    for (const value of values) {
      const slots = this.#slots.get(value);
      if (slots) slots.add(slot);
      else this.#slots.set(value, new Set([slot]));
    }
  }

  remove(slot: number, payload: Payload): void {
    const values = this.#values(payload);
    if (values.length > 0) this.#points -= 1;
    for (const value of values) {
      const slots = this.#slots.get(value);
      slots?.delete(slot);
      if (slots?.size === 0) this.#slots.delete(value);
    }
  }

  /** The slots that may match any of the values, or undefined when this index cannot tell. */
  candidates(values: Iterable<Scalar>): ReadonlySet<number>[] | undefined {
    if (!BY_VALUE.has(this.schema.type)) return undefined;
    const found: ReadonlySet<number>[] = [];
    for (const value of values) {
      // Values of another type are not in this index; only the payloads can tell.
      if (!ACCEPTS[this.schema.type](value)) return undefined;
      const slots = this.#slots.get(value);
      if (slots) found.push(slots);
    }
    return found;
  }

  #values(payload: Payload): Scalar[] {
    return flatValuesAt(payload, this.path).filter(ACCEPTS[this.schema.type]) as Scalar[];
  }
}
