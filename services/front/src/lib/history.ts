import type { http } from '@afk/contracts';
import type { Bar } from './sparkline.ts';

/** Headlines in a bar of a trend's life; the bars of the past are wider. */
export type Point = http.TrendDetail['points'][number];

/** A history as it is drawn: its bars, and the width that is the usual one among them. */
export type History = { bars: Point[]; minutes: number };

const MINUTE = 60_000;
const DAY = 1440;
const WEEK = 7 * DAY;
/** Monday 5 January 1970: weeks begin there, and so do days. */
const MONDAY = 4 * DAY * MINUTE;

const startOf = (point: Point): number => Date.parse(point.at);
const endOf = (point: Point): number => startOf(point) + point.minutes * MINUTE;

/**
 * Merges neighbouring bars so that at most `most` of the usual width would fill the whole time: bars of some buckets
 * each, counted back from the newest so that it is whole, else days, else weeks. Bars that are wider already stay as they are.
 * Exact: nothing is lost or shared out.
 *
 * @param points oldest first, without gaps
 * @param bucketMinutes width of the newest
 */
export function historyOf(points: readonly Point[], bucketMinutes: number, most: number): History {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return { bars: [], minutes: bucketMinutes };
  const minutes = usualWidth((endOf(last) - startOf(first)) / MINUTE, bucketMinutes, most);
  const origin = minutes < DAY ? endOf(last) : MONDAY;
  const slotOf = (point: Point): number => Math.floor((startOf(point) - origin) / (minutes * MINUTE));
  const bars: Point[] = [];
  let open: number | undefined;
  for (const point of points) {
    const slot = point.minutes < minutes ? slotOf(point) : undefined;
    const bar = bars.at(-1);
    if (bar && slot !== undefined && slot === open) {
      bar.minutes += point.minutes;
      bar.count += point.count;
    } else bars.push({ ...point });
    open = slot;
  }
  return { bars, minutes };
}

function usualWidth(minutes: number, bucketMinutes: number, most: number): number {
  let buckets = Math.ceil(minutes / bucketMinutes / most);
  // "Every 9 hours" would be at another time each day.
  while (DAY % bucketMinutes === 0 && buckets * bucketMinutes < DAY && DAY % (buckets * bucketMinutes))
    buckets++;
  if (buckets * bucketMinutes < DAY) return buckets * bucketMinutes;
  if (minutes / DAY <= most) return DAY;
  return Math.ceil(minutes / WEEK / most) * WEEK;
}

/** Headlines in the usual width: the mean of a bar that is wider, the count of any other. */
export const levelOf = (bar: Point, minutes: number): number =>
  bar.minutes > minutes ? (bar.count * minutes) / bar.minutes : bar.count;

/** Bars on a line of time, each as wide as it lasted; a wider one is as high as its mean. */
export function historyBars({ bars, minutes }: History, width: number, height: number, top: number): Bar[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const scale = width / (endOf(last) - startOf(first));
  const gap = 0.25 * minutes * MINUTE * scale;
  return bars.map((bar) => {
    const tall = (Math.min(levelOf(bar, minutes), top) / top) * height;
    const wide = bar.minutes * MINUTE * scale;
    return {
      x: round((startOf(bar) - startOf(first)) * scale + gap / 2),
      y: round(height - tall),
      width: round(Math.max(wide - gap, wide / 2)),
      height: round(tall),
    };
  });
}

const round = (n: number) => Math.round(n * 10) / 10;

/** Where an axis is labelled: `most` moments at equal distance, the first included, on whole bars of the usual width. */
export function timeTicks({ bars, minutes }: History, most: number): { at: string; percent: number }[] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return [];
  const slots = Math.ceil((endOf(last) - startOf(first)) / (minutes * MINUTE));
  const step = Math.max(1, Math.ceil(slots / most));
  return Array.from({ length: Math.ceil(slots / step) }, (_, i) => ({
    at: new Date(startOf(first) + i * step * minutes * MINUTE).toISOString(),
    percent: (100 * i * step) / slots,
  }));
}

/** Whether the last bar ends after the clock that counted: it may still grow, and is no fall. */
export function stillFilling(points: readonly Point[], asOf: string | null): boolean {
  const last = points.at(-1);
  return !!last && !!asOf && endOf(last) > Date.parse(asOf);
}
