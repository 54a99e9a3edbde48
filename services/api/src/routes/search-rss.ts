import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../deps.ts';
import { addressesOf } from '../domain/address.ts';
import { rssOf, TTL_MINUTES } from '../domain/rss.ts';
import type { Finder } from '../finder.ts';
import { answer, problem, problems } from '../openapi.ts';
import { feedParameters } from './search-parameters.ts';

const TYPE = 'application/rss+xml';

const feed = {
  summary: 'A search as RSS 2.0: what is new among its hits',
  description: 'With `ETag` and `If-None-Match`, so that asking again costs little',
  tags: ['search'],
  querystring: feedParameters,
  response: {
    200: answer('The newest first', z.string(), TYPE),
    304: z.undefined().describe('Nothing has changed since `If-None-Match`'),
    404: problem('There is no headline of the id in "like"'),
    502: problem('The search service failed'),
    504: problem('The search service did not answer in time'),
    ...problems,
  },
};

export function addFeed(app: App, find: Finder): void {
  const serializerCompiler = () => String;
  app.get('/api/v1/search.rss', { schema: feed, serializerCompiler }, async (request, reply) => {
    const { items, like } = await find(request.query);
    const { q = '' } = request.query;
    const title = like ? [`like “${like.title}”`, q].filter(Boolean).join(' ') : q;
    const body = rssOf({ title, ...addressesOf(request), headlines: items });
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    reply.header('etag', tag).header('cache-control', `private, max-age=${60 * TTL_MINUTES}`);
    if (hasTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
    return reply.header('content-type', `${TYPE}; charset=utf-8`).send(body);
  });
}

/** RFC 9110, 13.1.2: compared without the mark of weakness, which a proxy that compresses puts to it. */
function hasTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
}
