import { cdata, dressTitle, escapeXml } from '../xml.ts';
import type { PublishedItem } from '../season.ts';
import { bylineOf } from './feed.ts';
import type { Feed, RenderedFeed } from './feed.ts';

function renderItem({ outlet }: Feed, item: PublishedItem): string {
  const description = outlet.titles === 'cdata' ? cdata(item.summary) : escapeXml(item.summary);
  return `
    <item>
      <title>${dressTitle(item.title, outlet.titles)}</title>
      <link>${escapeXml(item.link)}</link>
      <guid isPermaLink="false">${escapeXml(item.guid)}</guid>
      <pubDate>${item.published.toUTCString()}</pubDate>
      <dc:creator>${escapeXml(bylineOf(outlet, item))}</dc:creator>
      <description>${description}</description>
    </item>`;
}

/** RSS 2.0 (https://www.rssboard.org/rss-specification) with Dublin Core authors and an Atom self link. */
export function renderRss(feed: Feed): RenderedFeed {
  const { outlet } = feed;
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${escapeXml(outlet.title)}</title>
    <link>${escapeXml(feed.home)}</link>
    <atom:link href="${escapeXml(feed.self)}" rel="self" type="application/rss+xml"/>
    <description>${escapeXml(outlet.description)}</description>
    <language>${outlet.language}</language>
    <lastBuildDate>${feed.updated.toUTCString()}</lastBuildDate>
    <ttl>10</ttl>${feed.items.map((item) => renderItem(feed, item)).join('')}
  </channel>
</rss>
`;
  return { contentType: 'application/rss+xml; charset=utf-8', body };
}
