import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { emptyData, fakeData, type FakeData, type FakeOptions } from './fake-data.ts';
import { fakeSearch, fakeSuggestions } from './fake-search.ts';

/**
 * A small API that answers invented news in the real shapes. `data` may be replaced between builds;
 * `calls` counts requests a path; `failing` makes every route answer a 503 problem.
 */
export type FakeApi = {
  url: string;
  data: FakeData;
  calls: Map<string, number>;
  failing: boolean;
  /** Trends that were taken in by another: the API redirects to that one. */
  merged: Map<string, string>;
  close(): Promise<void>;
};

export async function startFakeApi(
  options: FakeOptions & { empty?: boolean; port?: number } = {},
): Promise<FakeApi> {
  const api: FakeApi = {
    url: '',
    data: options.empty ? emptyData() : fakeData(options),
    calls: new Map(),
    failing: false,
    merged: new Map(),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const server = createServer((req, res) => answer(api, req, res));
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

function answer(api: FakeApi, req: IncomingMessage, res: ServerResponse): void {
  const url = new URL(req.url ?? '/', 'http://fake');
  api.calls.set(url.pathname, (api.calls.get(url.pathname) ?? 0) + 1);
  const into = api.merged.get(url.pathname.split('/').at(-1) ?? '');
  if (into) {
    res.writeHead(308, { location: `/api/v1/trends/${into}` }).end();
    return;
  }
  if (url.pathname === '/api/v1/search.rss' && !api.failing) return feed(req, res);
  const found = api.failing
    ? problem(503, 'Not ready', 'PostgreSQL is not answering.')
    : route(api.data, url.pathname.split('/').slice(3).map(decodeURIComponent), url.searchParams);
  res.writeHead(found.status, {
    'content-type': found.status < 400 ? 'application/json' : 'application/problem+json',
  });
  res.end(JSON.stringify(found.body));
}

/** Enough of a feed to see that it was handed on: where the reader stands, and that it need not be sent twice. */
function feed(req: IncomingMessage, res: ServerResponse): void {
  const { 'x-forwarded-host': host, 'x-forwarded-proto': proto } = req.headers;
  const headers = {
    'content-type': 'application/rss+xml; charset=utf-8',
    etag: '"1"',
    'cache-control': 'private, max-age=300',
  };
  if (req.headers['if-none-match'] === '"1"') return void res.writeHead(304, headers).end();
  res
    .writeHead(200, headers)
    .end(`<rss version="2.0"><channel><link>${proto}://${host}${req.url}</link></channel></rss>`);
}

type Answer = { status: number; body: unknown };
const ok = (body: unknown): Answer => ({ status: 200, body });
const problem = (status: number, title: string, detail?: string, errors?: unknown): Answer => ({
  status,
  body: { type: 'about:blank', title, status, detail, errors },
});

function route(data: FakeData, [noun, id, part]: string[], query: URLSearchParams): Answer {
  const limit = Number(query.get('limit') ?? 50);
  const offset = Number(query.get('offset') ?? 0);
  const missing = problem(404, 'Not found', `There is no ${noun} ${id}.`);
  switch (noun) {
    case 'trends': {
      if (limit > 200)
        return problem(400, 'Bad request', undefined, [{ field: 'limit', message: 'at most 200' }]);
      if (!id) return ok({ ...data.trends, items: data.trends.items.slice(offset, offset + limit) });
      if (part === 'history') return history(data, id, { limit, offset }) ?? missing;
      const detail = data.details.get(id);
      return detail ? ok(detail) : missing;
    }
    case 'headlines':
      return ok({
        total: data.headlines.length,
        limit,
        offset,
        items: data.headlines.slice(offset, offset + limit),
      });
    case 'search':
      return search(data, id, query);
    case 'feeds':
      return ok(data.feeds);
    case 'batches': {
      if (!id) return ok({ total: data.batches.length, items: data.batches.slice(0, limit) });
      const batch = data.batches.find((b) => b.id === id);
      return batch ? ok(batch) : missing;
    }
    case 'dead-letters':
      return ok(data.deadLetters);
    default:
      return problem(404, 'Not found');
  }
}

function history(data: FakeData, id: string, page: { limit: number; offset: number }): Answer | undefined {
  const told = data.histories.get(id);
  return told && ok({ ...told, items: told.items.slice(page.offset, page.offset + page.limit) });
}

function search(data: FakeData, part: string | undefined, query: URLSearchParams): Answer {
  if (part === 'suggest') return ok(fakeSuggestions(data, query.get('q') ?? ''));
  const found = fakeSearch(data, query);
  return 'field' in found ? problem(400, 'The query is not valid', undefined, [found]) : ok(found);
}
