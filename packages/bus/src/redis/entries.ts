import type { Finished } from '../transport.ts';

/** An entry's place, as the claim script writes it. */
export function keyOf({ stream, id }: { stream: string; id: string }): string {
  return `${stream}|${id}`;
}

/** Outputs told in one call, characters: more would stop Redis for too long, or not fit into a string. */
const CALL_CHARS = 4_000_000;

/** A batch in parts that are not too heavy for one call; nearly always itself. */
export function byWeight(batch: readonly Finished[]): (readonly Finished[])[] {
  const parts: Finished[][] = [];
  let weight = Infinity;
  for (const finished of batch) {
    for (const { json } of finished.outputs) weight += json.length;
    if (weight > CALL_CHARS) {
      parts.push([]);
      weight = 0;
      for (const { json } of finished.outputs) weight += json.length;
    }
    parts.at(-1)!.push(finished);
  }
  return parts;
}

/** The highest id of a batch; nearly always the last. */
export function topOf(batch: readonly Finished[]): string {
  let top = batch.at(-1)!.entry.id;
  for (const { entry } of batch) if (compareIds(entry.id, top) > 0) top = entry.id;
  return top;
}

/** Orders stream ids (`milliseconds-sequence`). */
export function compareIds(a: string, b: string): number {
  // Until the year 2286, milliseconds have 13 digits.
  if (a.length === b.length && a[13] === '-' && b[13] === '-') return a < b ? -1 : a > b ? 1 : 0;
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number);
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number);
  return aMs - bMs || aSeq - bSeq;
}
