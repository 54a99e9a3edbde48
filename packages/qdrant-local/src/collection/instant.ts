import type { Point } from '../types.ts';
import type { Collection } from './collection.ts';

/**
 * The points of a collection as they were at one moment, read in parts while changes go on: a point that is about
 * to change and has not been read yet is copied first. Takes a byte a point, and the copies.
 */
export class Instant {
  /** Points there were. */
  readonly size: number;
  /** The number of the last operation there had been. */
  readonly version: number;
  readonly #collection: Collection;
  /** By slot: 1 while the point that was there has been neither read nor copied. */
  readonly #unread: Uint8Array;
  #copies: Point[] = [];

  constructor(collection: Collection) {
    this.#collection = collection;
    this.size = collection.points.size;
    this.version = collection.version;
    this.#unread = new Uint8Array(collection.points.slots);
    for (const slot of collection.points.liveSlots()) this.#unread[slot] = 1;
  }

  /** To be told of each slot whose point changes or goes, before it does. */
  beforeChange(slot: number): void {
    if (this.#unread[slot] !== 1) return;
    this.#unread[slot] = 0;
    this.#copies.push(this.#collection.pointAt(slot));
  }

  /** All points once, in lists of about `length`. Copies go first, so that few are held at a time. */
  *read(length: number): Generator<Point[]> {
    for (let slot = 0; slot < this.#unread.length || this.#copies.length > 0;) {
      const points = this.#copies;
      this.#copies = [];
      for (; slot < this.#unread.length && points.length < length; slot++) {
        if (this.#unread[slot] !== 1) continue;
        this.#unread[slot] = 0;
        points.push(this.#collection.pointAt(slot));
      }
      if (points.length > 0) yield points;
    }
  }
}
