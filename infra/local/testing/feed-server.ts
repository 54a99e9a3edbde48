import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { demoOutlets, renderDemoFeed } from '@afk/demo-feeds';

export type FeedServer = {
  opmlUrl: string;
  /** How many requests were answered 304. */
  notModified: () => number;
  close(): Promise<void>;
};

/** Feeds that are none, to be listed among good ones. */
const hostile: Record<string, (response: ServerResponse) => void> = {
  rubbish: (r) =>
    r.setHeader('content-type', 'application/rss+xml').end('%PDF-1.7 \u0000\u0001 this is no feed'),
  missing: (r) => r.writeHead(404).end(),
  huge: (r) => {
    r.setHeader('content-type', 'application/rss+xml');
    const chunk = `<rss version="2.0"><channel>${'<item><title>x</title></item>'.repeat(30_000)}`;
    let sent = 0;
    const more = (): void => {
      while (sent < 50 * 1024 * 1024 && !r.destroyed) {
        sent += chunk.length;
        if (!r.write(chunk)) return void r.once('drain', more);
      }
      r.end();
    };
    more();
  },
  // Never answers.
  hanging: () => {},
};

/** The demo outlets as real feeds over HTTP on loopback, with ETags, and the hostile ones beside them. */
export async function startFeedServer(anchor: Date): Promise<FeedServer> {
  let notModified = 0;
  const server = createServer((request, response) => {
    const slug = (request.url ?? '/').slice(1);
    const base = `http://${request.headers.host}`;
    if (slug === 'feeds.opml') return response.setHeader('content-type', 'text/x-opml').end(opml(base));
    if (hostile[slug]) return hostile[slug](response);
    if (!demoOutlets.some((o) => o.slug === slug)) return response.writeHead(404).end();
    const { contentType, body } = renderDemoFeed(slug, { anchor, now: anchor });
    const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) {
      notModified++;
      return response.writeHead(304).end();
    }
    return response.writeHead(200, { 'content-type': contentType, etag }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    opmlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feeds.opml`,
    notModified: () => notModified,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function opml(base: string): string {
  const feeds = [...demoOutlets.map((o) => o.slug), ...Object.keys(hostile)];
  const outlines = feeds.map((slug) => `<outline type="rss" text="${slug}" xmlUrl="${base}/${slug}"/>`);
  return `<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>${outlines.join('')}</body></opml>`;
}
