import { categoryOf, type http } from '@afk/contracts';
import { generateRssFeed } from 'feedsmith';

export type FeedOf = {
  /** What was searched for, as its reader would say it. */
  title: string;
  /** Where the feed itself is read, and the same search as a page or as JSON. */
  self: string;
  page: string;
  headlines: readonly http.Headline[];
};

/** Minutes between two looks at it: as often as runs are worth while. */
export const TTL_MINUTES = 5;

/** RSS 2.0, newest first. Equal headlines make equal bytes: nothing in it says when it was asked for. */
export function rssOf({ title, self, page, headlines }: FeedOf): string {
  const newest = headlines.toSorted(byTime);
  const [first] = newest;
  return generateRssFeed({
    title: `AFK: ${printable(title)}`,
    link: page,
    description: `Headlines found by AFK for: ${printable(title)}`,
    generator: 'AFK',
    ttl: TTL_MINUTES,
    ...(first ? { lastBuildDate: new Date(first.published_at) } : {}),
    atom: { links: [{ href: self, rel: 'self', type: 'application/rss+xml' }] },
    items: newest.map(itemOf),
  });
}

const byTime = (a: http.Headline, b: http.Headline): number =>
  Date.parse(b.published_at) - Date.parse(a.published_at) || (a.id < b.id ? -1 : 1);

function itemOf({ id, title, url, summary, publisher, category, published_at }: http.Headline) {
  const named = categoryOf(category?.id);
  return {
    title: printable(title),
    link: printable(url),
    guid: { value: id, isPermaLink: false },
    pubDate: new Date(published_at),
    ...(summary ? { description: asHtml(printable(summary)) } : {}),
    ...(named
      ? { categories: [{ name: named.en, domain: 'https://cv.iptc.org/newscodes/mediatopic/' }] }
      : {}),
    source: { title: printable(publisher), url: siteOf(url) },
  };
}

/** Not the address of the feed that it came from: that may hold a key of its reader's. */
const siteOf = (url: string): string => URL.parse(url)?.origin ?? url;

/** Readers take a description for HTML, and ours is plain text. */
const asHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Without what XML 1.0 cannot hold at all, escaped or not: https://www.w3.org/TR/xml/#charsets */
const printable = (text: string): string =>
  text.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '');
