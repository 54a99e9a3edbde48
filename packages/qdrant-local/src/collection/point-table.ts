import type { Payload, PointId } from '../types.ts';
import { IdOrder } from './id-order.ts';

const NO_PAYLOAD: Payload = Object.freeze({});

/**
 * Points by slot: a number that the vector stores and indexes use in place of the id. A point keeps its slot while
 * it exists; the slot of one that is gone is given to another, so nothing may be left behind under it.
 */
export class PointTable {
  readonly #slots = new Map<PointId, number>();
  readonly #ids: (PointId | undefined)[] = [];
  readonly #payloads: Payload[] = [];
  readonly #versions: number[] = [];
  readonly #freeSlots: number[] = [];
  readonly order = new IdOrder((id) => this.#slots.has(id));

  /** Points that exist. */
  get size(): number {
    return this.#slots.size;
  }

  /** All points are in slots below this. */
  get slots(): number {
    return this.#ids.length;
  }

  slotOf(id: PointId): number | undefined {
    return this.#slots.get(id);
  }

  isLive(slot: number): boolean {
    return this.#ids[slot] !== undefined;
  }

  idAt(slot: number): PointId {
    return this.#ids[slot] as PointId;
  }

  payloadAt(slot: number): Payload {
    return this.#payloads[slot] as Payload;
  }

  versionAt(slot: number): number {
    return this.#versions[slot] as number;
  }

  ids(): IterableIterator<PointId> {
    return this.#slots.keys();
  }

  liveSlots(): IterableIterator<number> {
    return this.#slots.values();
  }

  /** Adds a point whose id is not there, and returns its slot. */
  add(id: PointId, version: number, payload: Payload): number {
    const slot = this.#freeSlots.pop() ?? this.#ids.length;
    this.#ids[slot] = id;
    this.#payloads[slot] = payload;
    this.#versions[slot] = version;
    this.#slots.set(id, slot);
    this.order.add(id);
    return slot;
  }

  setPayload(slot: number, version: number, payload: Payload): void {
    this.#payloads[slot] = payload;
    this.#versions[slot] = version;
  }

  remove(slot: number): void {
    this.#slots.delete(this.idAt(slot));
    this.order.remove();
    this.#ids[slot] = undefined;
    // Frees the memory; nothing reads the payload of a free slot.
    this.#payloads[slot] = NO_PAYLOAD;
    this.#freeSlots.push(slot);
  }
}
