/** What came of an attempt. `unreachable`: nobody answered. */
export type Outcome =
  | { kind: 'delivered' }
  | { kind: 'again'; reason: string; afterMs?: number; unreachable: boolean }
  | { kind: 'refused'; reason: string };

/** Statuses of the 4xx that say "not now" (RFC 9110, 6585, 8470). */
const NOT_NOW = new Set([408, 409, 425, 429]);
/** Longest that a receiver may put us off, ms. */
const MAX_PUT_OFF = 3_600_000;

/**
 * What an answer means. A redirect is final: whoever receives may have moved, but the address is what its owner gave.
 *
 * @param words beginning of the body, as a person may see it
 */
export function outcomeOf(
  { status, words, retryAfter }: { status: number; words: string; retryAfter: string | undefined },
  now: Date,
): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `it answered ${status}${words ? `: ${words}` : ''}`;
  if (status >= 300 && status < 400)
    return { kind: 'refused', reason: `${reason} (redirects are not followed)` };
  if (status >= 400 && status < 500 && !NOT_NOW.has(status)) return { kind: 'refused', reason };
  const afterMs = putOff(retryAfter, now);
  return { kind: 'again', reason, unreachable: false, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** `Retry-After` in ms: seconds or a date (RFC 9110, 10.2.3). Undefined where it says nothing. */
function putOff(text: string | undefined, now: Date): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(text.trim()) ? 1000 * Number(text) : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) || ms <= 0 ? undefined : Math.min(ms, MAX_PUT_OFF);
}
