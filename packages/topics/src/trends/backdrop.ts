import { HOUR, countByHour } from './hours.ts';
import type { Telling } from './types.ts';
import { NOW } from './velocity.ts';

/** Spans of 6 h, the newest first, in which a publisher's attention is measured: now, and the day before it. */
export const SPANS = 5;

/** All headlines of a window: what the share of a trend is taken of. */
export type Backdrop = {
  /** The window is (from, until], milliseconds; it ends with the run's clock. */
  from: number;
  until: number;
  /** Headlines in each hour up to it, oldest first. */
  total: Int32Array;
  /** Headlines of each publisher in the window. */
  output: ReadonlyMap<string, number>;
  /** The same in each of the spans. */
  outputBySpan: readonly ReadonlyMap<string, number>[];
};

/** @returns which span of 6 h holds it, 0 the newest; SPANS or more: an older one */
export const spanOf = (time: number, until: number): number => Math.floor((until - time) / (NOW * HOUR));

/**
 * The headlines of (from, until], whatever their trend; those outside are passed over. Time and memory O(headlines).
 *
 * @throws RangeError where the window does not end after it begins, or a headline has no time
 */
export function backdropOf(headlines: readonly Telling[], from: number, until: number): Backdrop {
  if (!(until > from && until - from < Infinity))
    throw new RangeError(`no window: from ${from} until ${until}`);
  const inside = insideOf(headlines, { from, until });
  const output = new Map<string, number>();
  const outputBySpan = Array.from({ length: SPANS }, () => new Map<string, number>());
  for (const { publishedAt, publisher } of inside) {
    add(output, publisher);
    const span = outputBySpan[spanOf(publishedAt, until)];
    if (span) add(span, publisher);
  }
  const total = countByHour(inside, until, Math.ceil((until - from) / HOUR));
  return { from, until, total, output, outputBySpan };
}

/** Those published in the window. @throws RangeError where one has no time */
export function insideOf(
  headlines: readonly Telling[],
  { from, until }: { from: number; until: number },
): Telling[] {
  return headlines.filter(({ publishedAt }) => {
    if (!Number.isFinite(publishedAt)) throw new RangeError(`publishedAt ${publishedAt}: no time`);
    return publishedAt > from && publishedAt <= until;
  });
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
