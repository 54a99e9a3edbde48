import { hostOf } from './url.ts';

export type Signed = { url: string; author: string | undefined; source: string | undefined };

/** From how many sites a feed must link to be a collection of other people's articles. */
const SITES_OF_A_COLLECTION = 3;
/** Share of items whose author is the usual one of their site, from which authors are outlets. */
const CONSISTENT = 0.8;

/**
 * Who published each item. A feed speaks for one outlet, its title, unless it links to several sites.
 * Then it is the item's `source`; else its author, if nearly each site always has the same one (then
 * the feed names outlets where others name people); else the site.
 *
 * @returns one publisher an item
 */
export function publishersOf(feedTitle: string, items: readonly Signed[]): string[] {
  const authors = new Map<string, Map<string, number>>();
  for (const { url, author } of items) {
    const ofSite = authors.get(hostOf(url)) ?? new Map<string, number>();
    if (author) ofSite.set(author, (ofSite.get(author) ?? 0) + 1);
    authors.set(hostOf(url), ofSite);
  }
  if (authors.size < SITES_OF_A_COLLECTION) return items.map((i) => i.source ?? feedTitle);
  let usual = 0;
  for (const ofSite of authors.values()) usual += Math.max(0, ...ofSite.values());
  const distinct = new Set([...authors.values()].flatMap((a) => [...a.keys()])).size;
  const outlets = usual >= CONSISTENT * items.length && distinct >= SITES_OF_A_COLLECTION;
  return items.map((i) => i.source ?? (outlets ? i.author : undefined) ?? hostOf(i.url));
}
