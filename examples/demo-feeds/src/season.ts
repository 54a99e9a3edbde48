import { corpus } from './corpus.ts';
import type { Headline } from './corpus.ts';

/** Length of a season, and of the window a feed shows, in hours. */
export const seasonHours = 72;

const hourMs = 3_600_000;
const seasonMs = seasonHours * hourMs;

/** A headline as published: in which season, when, and under which names. */
export interface PublishedItem extends Headline {
  readonly season: number;
  readonly published: Date;
  /** Globally unique, a tag URI (RFC 4151). */
  readonly guid: string;
  readonly link: string;
}

function publish(headline: Headline, anchorMs: number, nowMs: number): PublishedItem {
  const firstMs = anchorMs + Math.round(headline.hour * hourMs);
  // A window as long as the season holds each headline exactly once: in its latest season not after now.
  const season = Math.floor((nowMs - firstMs) / seasonMs);
  const host = `${headline.outlet}.example`;
  return {
    ...headline,
    season,
    published: new Date(firstMs + season * seasonMs),
    guid: `tag:${host},2020:${season}/${headline.id}`,
    link: `https://${host}/${season}/${headline.id}`,
  };
}

/** An outlet's items with now − 72 h < published <= now, newest first; equal times by id. */
export function itemsAt(slug: string, anchor: Date, now: Date): PublishedItem[] {
  const [anchorMs, nowMs] = [anchor.getTime(), now.getTime()];
  if (Number.isNaN(anchorMs) || Number.isNaN(nowMs))
    throw new RangeError('anchor and now must be valid dates');
  return corpus
    .filter((headline) => headline.outlet === slug)
    .map((headline) => publish(headline, anchorMs, nowMs))
    .sort((a, b) => b.published.getTime() - a.published.getTime() || (a.id < b.id ? -1 : 1));
}

/** The headline id in a guid or link of a demo feed, for looking it up in `demoStories`. */
export function demoItemId(guidOrLink: string): string {
  return guidOrLink.slice(guidOrLink.lastIndexOf('/') + 1);
}
