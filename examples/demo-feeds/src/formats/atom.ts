import { dressTitle, escapeXml } from '../xml.ts';
import type { PublishedItem } from '../season.ts';
import { bylineOf } from './feed.ts';
import type { Feed, RenderedFeed } from './feed.ts';

function renderEntry({ outlet }: Feed, item: PublishedItem): string {
  const type = outlet.titles === 'html' ? 'html' : 'text';
  return `
  <entry>
    <id>${escapeXml(item.guid)}</id>
    <title type="${type}">${dressTitle(item.title, outlet.titles)}</title>
    <link rel="alternate" type="text/html" href="${escapeXml(item.link)}"/>
    <published>${item.published.toISOString()}</published>
    <updated>${item.published.toISOString()}</updated>
    <author><name>${escapeXml(bylineOf(outlet, item))}</name></author>
    <summary type="html">${escapeXml(item.summary)}</summary>
  </entry>`;
}

/** Atom (RFC 4287). */
export function renderAtom(feed: Feed): RenderedFeed {
  const { outlet } = feed;
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${outlet.language}">
  <id>${escapeXml(feed.self)}</id>
  <title>${escapeXml(outlet.title)}</title>
  <subtitle>${escapeXml(outlet.description)}</subtitle>
  <link rel="alternate" type="text/html" href="${escapeXml(feed.home)}"/>
  <link rel="self" type="application/atom+xml" href="${escapeXml(feed.self)}"/>
  <updated>${feed.updated.toISOString()}</updated>${feed.items.map((item) => renderEntry(feed, item)).join('')}
</feed>
`;
  return { contentType: 'application/atom+xml; charset=utf-8', body };
}
