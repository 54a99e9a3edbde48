import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { demoOutlets, renderDemoFeed } from '@afk/demo-feeds';

export type ReplayedFeeds = {
  opmlUrl: string;
  /** What the feeds show: their headlines up to this moment. */
  setNow(now: Date): void;
  /** From now on nobody is answered: a run waits at its first step. @returns what answers them all */
  hold(): () => void;
  close(): Promise<void>;
};

/** The demo outlets over HTTP, at a moment that the test chooses. */
export async function startReplayedFeeds(anchor: Date): Promise<ReplayedFeeds> {
  let now = anchor;
  let waiting: (() => void)[] | undefined;
  const answer = (url: string, base: string, response: ServerResponse): void => {
    const slug = url.slice(1);
    if (slug === 'feeds.opml') return void response.setHeader('content-type', 'text/x-opml').end(opml(base));
    if (!demoOutlets.some((o) => o.slug === slug)) return void response.writeHead(404).end();
    const { contentType, body } = renderDemoFeed(slug, { anchor, now });
    response.writeHead(200, { 'content-type': contentType }).end(body);
  };
  const server = createServer((request, response) => {
    const go = (): void => answer(request.url ?? '/', `http://${request.headers.host}`, response);
    if (waiting) waiting.push(go);
    else go();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    opmlUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feeds.opml`,
    setNow: (moment) => void (now = moment),
    hold() {
      waiting = [];
      return () => {
        const held = waiting ?? [];
        waiting = undefined;
        for (const go of held) go();
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function opml(base: string): string {
  const outlines = demoOutlets.map(
    (o) => `<outline type="rss" text="${o.slug}" xmlUrl="${base}/${o.slug}"/>`,
  );
  return `<?xml version="1.0"?><opml version="2.0"><head><title>t</title></head><body>${outlines.join('')}</body></opml>`;
}
