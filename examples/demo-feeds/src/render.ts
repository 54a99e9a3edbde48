import { renderAtom } from './formats/atom.ts';
import type { Feed, RenderedFeed } from './formats/feed.ts';
import { renderJson } from './formats/json.ts';
import { renderRdf } from './formats/rdf.ts';
import { renderRss } from './formats/rss.ts';
import { outletOf } from './outlets.ts';
import type { DemoOutlet } from './outlets.ts';
import { itemsAt } from './season.ts';

const renderers: Readonly<Record<DemoOutlet['format'], (feed: Feed) => RenderedFeed>> = {
  rss: renderRss,
  rdf: renderRdf,
  atom: renderAtom,
  json: renderJson,
};

/**
 * An outlet's feed as it stands at `now`: the headlines of the last 72 h, newest first.
 * Season 0 begins at `anchor`; seasons of 72 h repeat for ever in both directions. Pure: same input, same
 * bytes. Throws `RangeError` for an unknown slug or an invalid date.
 */
export function renderDemoFeed(slug: string, options: { anchor: Date; now: Date }): RenderedFeed {
  const outlet = outletOf(slug);
  const items = itemsAt(slug, options.anchor, options.now);
  const home = `https://${slug}.example/`;
  return renderers[outlet.format]({
    outlet,
    home,
    self: `${home}feed`,
    updated: items[0]?.published ?? options.now,
    items,
  });
}
