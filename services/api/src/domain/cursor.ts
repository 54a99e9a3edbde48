import { createHash } from 'node:crypto';
import { MAX_HITS } from '@afk/contracts';

/** Where a page of a list begins, and what "now" was when its first page was asked for. */
export type Place = { offset: number; clock: Date };

/**
 * A place as its reader hands it back: opaque, and good for this question alone. It is no secret: whoever makes one
 * himself gets what he could have asked for anyway.
 */
export function cursorOf({ offset, clock }: Place, question: string): string {
  const print = createHash('sha256').update(`${offset} ${clock.getTime()} ${question}`).digest('base64url');
  return Buffer.from(`${offset} ${clock.getTime()} ${print.slice(0, 22)}`).toString('base64url');
}

/** Undefined: no cursor, or that of another question. */
export function placeOf(cursor: string, question: string): Place | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, offset = '', clock = ''] = /^(\d{1,3}) (\d{1,15}) [\w-]{22}$/.exec(text) ?? [];
  const place = { offset: Number(offset), clock: new Date(Number(clock)) };
  if (place.offset < 1 || place.offset >= MAX_HITS) return undefined;
  // The decoder passes over what is not base64url: only what encodes to the same is it.
  return cursorOf(place, question) === cursor ? place : undefined;
}
