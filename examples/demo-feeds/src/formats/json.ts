import { bylineOf } from './feed.ts';
import type { Feed, RenderedFeed } from './feed.ts';

/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function renderJson(feed: Feed): RenderedFeed {
  const { outlet } = feed;
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title: outlet.title,
    home_page_url: feed.home,
    feed_url: feed.self,
    description: outlet.description,
    language: outlet.language,
    items: feed.items.map((item) => ({
      id: item.guid,
      url: item.link,
      title: item.title,
      content_html: `<p>${item.summary}</p>`,
      date_published: item.published.toISOString(),
      authors: [{ name: bylineOf(outlet, item) }],
      language: outlet.language,
    })),
  };
  return {
    contentType: 'application/feed+json; charset=utf-8',
    body: `${JSON.stringify(document, null, 2)}\n`,
  };
}
