import type { Outlet } from '../outlets.ts';
import type { PublishedItem } from '../season.ts';

/** What a format needs to write one feed. `updated` is the time of the newest item, else `now`. */
export interface Feed {
  readonly outlet: Outlet;
  readonly home: string;
  readonly self: string;
  readonly updated: Date;
  readonly items: readonly PublishedItem[];
}

/** A feed as an HTTP server would hand it out. */
export interface RenderedFeed {
  readonly contentType: string;
  readonly body: string;
}

/** Who signs an item: the outlet's bylines in turn, by the number at the end of the item's id. */
export function bylineOf(outlet: Outlet, item: PublishedItem): string {
  const number = Number(item.id.slice(-2));
  return outlet.bylines[number % outlet.bylines.length] ?? outlet.title;
}
