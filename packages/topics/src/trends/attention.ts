import { SPANS, spanOf, type Backdrop } from './backdrop.ts';
import { HOUR } from './hours.ts';
import type { Telling } from './types.ts';

const HALF_LIFE = 12 * HOUR;

/**
 * How a publisher's share of its own output counts. With the power 0 each publisher would have one vote, however much it
 * tells; with 1 the one headline of a rare blog would outweigh ten newsrooms. Between the two, nearer to the first; and
 * square roots are the same on any machine, which powers need not be.
 */
const vote = (share: number): number => Math.sqrt(Math.sqrt(share));

/**
 * Recent volume, as attention: each publisher gives a trend the fourth root of the share of its own headlines that the trend
 * has, older headlines counting half every 12 h. With the publisher's headlines of the trend newest first, and N all that
 * it published in the window, the k-th counts
 *
 *     (k^(1/4) - (k - 1)^(1/4)) N^(-1/4) 2^(-age / 12 h)
 *
 * Only shares of a publisher's own output count: one that publishes twice as much of everything changes nothing. Ten
 * publishers of one headline count 10, one publisher of ten 1.8 (where each has the same N).
 */
export function recentAttention(headlines: readonly Telling[], { until, output }: Backdrop): number {
  const ages = new Map<string, number[]>();
  for (const { publishedAt, publisher } of headlines) {
    const own = ages.get(publisher);
    if (own) own.push(until - publishedAt);
    else ages.set(publisher, [until - publishedAt]);
  }
  let attention = 0;
  for (const [publisher, own] of inOrder(ages)) {
    own.sort((a, b) => a - b);
    let volume = 0;
    for (let k = 0; k < own.length; k += 1) {
      volume += (vote(k + 1) - vote(k)) * Math.exp((-Math.LN2 * own[k]!) / HALF_LIFE);
    }
    attention += volume / vote(output.get(publisher) ?? own.length);
  }
  return attention;
}

/**
 * How new a trend is: ln((now + 1) / (before + 1)), at least 0, where `now` is the attention of the last 6 h (publishers, each
 * by the fourth root of its share in these hours) and `before` the mean of the four times 6 h before. Shares of the same
 * hours: a busy morning makes nothing new.
 */
export function newness(headlines: readonly Telling[], { until, outputBySpan }: Backdrop): number {
  const told = Array.from({ length: SPANS }, () => new Map<string, number>());
  for (const { publishedAt, publisher } of headlines) {
    const span = told[spanOf(publishedAt, until)];
    if (span) span.set(publisher, (span.get(publisher) ?? 0) + 1);
  }
  const attention = told.map((span, i) => {
    let votes = 0;
    for (const [publisher, count] of inOrder(span))
      votes += vote(count / (outputBySpan[i]!.get(publisher) ?? count));
    return votes;
  });
  const [now = 0, ...before] = attention;
  const expected = before.reduce((a, b) => a + b, 0) / (SPANS - 1);
  return Math.max(0, Math.log((now + 1) / (expected + 1)));
}

/** By name: sums of fractions depend on the order in which they are taken, and the order of the input must not matter. */
function inOrder<T>(byPublisher: ReadonlyMap<string, T>): [string, T][] {
  return [...byPublisher].sort(([a], [b]) => (a < b ? -1 : 1));
}
