// The demo's outlets as real feeds, for containers: three days of news in a quarter of an hour, from SINCE (ms) on,
// so that runs find something new, whatever was started again meanwhile. Run by Node in a container that has
// the repository's examples/demo-feeds at /demo.
import { createServer } from 'node:http';

const { demoOutlets, renderDemoFeed } = await import('/demo/src/index.ts');
const SEASON_MS = 72 * 3_600_000;
const FASTER = 288;
const since = Number(process.env.SINCE);
const anchor = new Date(since);
const clock = () => Math.min(since - SEASON_MS + FASTER * (Date.now() - since), Date.now());

createServer((request, response) => {
  const slug = (request.url ?? '/').slice(1);
  const base = `http://${request.headers.host}`;
  if (slug === 'health') return response.end('ok');
  if (slug === 'feeds.opml') {
    const outline = (o) => `<outline type="rss" text="${o.slug}" xmlUrl="${base}/${o.slug}"/>`;
    const body = demoOutlets.map(outline).join('');
    response.setHeader('content-type', 'text/x-opml');
    return response.end(`<?xml version="1.0"?><opml version="2.0"><head/><body>${body}</body></opml>`);
  }
  if (!demoOutlets.some((o) => o.slug === slug)) return response.writeHead(404).end();
  const { contentType, body } = renderDemoFeed(slug, {
    anchor,
    now: new Date(clock()),
  });
  return response.writeHead(200, { 'content-type': contentType }).end(body);
}).listen(8088, '0.0.0.0');
