import { dressTitle, escapeXml } from '../xml.ts';
import type { PublishedItem } from '../season.ts';
import { bylineOf } from './feed.ts';
import type { Feed, RenderedFeed } from './feed.ts';

function renderItem({ outlet }: Feed, item: PublishedItem): string {
  return `
  <item rdf:about="${escapeXml(item.link)}">
    <title>${dressTitle(item.title, outlet.titles)}</title>
    <link>${escapeXml(item.link)}</link>
    <description>${escapeXml(item.summary)}</description>
    <dc:identifier>${escapeXml(item.guid)}</dc:identifier>
    <dc:creator>${escapeXml(bylineOf(outlet, item))}</dc:creator>
    <dc:date>${item.published.toISOString()}</dc:date>
    <dc:language>${outlet.language}</dc:language>
  </item>`;
}

/** RSS 1.0 (https://web.resource.org/rss/1.0/spec): an RDF graph, its items beside the channel, not inside. */
export function renderRdf(feed: Feed): RenderedFeed {
  const { outlet } = feed;
  const sequence = feed.items.map((item) => `\n        <rdf:li rdf:resource="${escapeXml(item.link)}"/>`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="${escapeXml(feed.self)}">
    <title>${escapeXml(outlet.title)}</title>
    <link>${escapeXml(feed.home)}</link>
    <description>${escapeXml(outlet.description)}</description>
    <dc:language>${outlet.language}</dc:language>
    <dc:date>${feed.updated.toISOString()}</dc:date>
    <items>
      <rdf:Seq>${sequence.join('')}
      </rdf:Seq>
    </items>
  </channel>${feed.items.map((item) => renderItem(feed, item)).join('')}
</rdf:RDF>
`;
  return { contentType: 'application/rdf+xml; charset=utf-8', body };
}
