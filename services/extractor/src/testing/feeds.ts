/** An item as a test writes it; what is undefined is left out of the feed. */
export type TestItem = { title?: string; link?: string; date?: string; more?: string };

const element = (name: string, text: string | undefined): string =>
  text === undefined ? '' : `<${name}>${text}</${name}>`;

/** RSS 2.0. Texts are put in as they are: escaped by the test, or not. */
export function rss(items: readonly TestItem[], channel = '<title>The Lamp</title>'): string {
  const body = items.map(
    ({ title, link, date, more = '' }) =>
      `<item>${element('title', title)}${element('link', link)}${element('pubDate', date)}${more}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>${channel}${body.join('')}</channel></rss>`;
}

/** RSS with `n` items, the first at `first`: same numbers, same items. */
export const rssOf = (n: number, first = 0): string =>
  rss(
    Array.from({ length: n }, (_, i) => ({
      title: `The news number ${first + i} of the day`,
      link: `https://lamp.example/${first + i}`,
    })),
  );

export const opml = (...urls: string[]): string =>
  `<?xml version="1.0"?><opml version="2.0"><head><title>feeds</title></head><body><outline text="folder">${urls
    .map((url) => `<outline type="rss" text="" xmlUrl="${url}"/>`)
    .join('')}</outline></body></opml>`;
