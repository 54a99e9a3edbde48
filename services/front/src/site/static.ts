import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';

const assetsPrefix = '/_astro/';
const year = 365 * 24 * 3600;

/** True for files whose name holds a hash of their content. */
export const isAsset = (pathname: string) => pathname.startsWith(assetsPrefix);

/**
 * Sends a file of a build, with ETag, ranges and conditional answers (by `send`: it keeps nothing in
 * memory and survives a folder that goes away). Hashed assets may be kept for ever; pages are asked for again.
 *
 * @returns false where there is no such file: nothing has been written then.
 */
export function serveFile(
  req: IncomingMessage,
  res: ServerResponse,
  root: string,
  pathname: string,
): Promise<boolean> {
  return new Promise((done) => {
    const stream = send(req, fileOf(pathname), {
      root,
      cacheControl: false,
      dotfiles: 'ignore',
      index: false,
    });
    stream.on('headers', (response: ServerResponse) => {
      response.setHeader(
        'cache-control',
        isAsset(pathname) ? `public, max-age=${year}, immutable` : 'no-cache',
      );
    });
    stream.on('directory', () => done(false));
    stream.on('error', (error: { status?: number }) => {
      if (error.status === undefined || error.status === 404) return done(false);
      // A range outside of the file, a path with a zero byte: the asker's mistake, answered as such.
      res.statusCode = error.status;
      res.end(() => done(true));
    });
    res.once('close', () => done(true));
    stream.pipe(res);
  });
}

/** Sends a page under a status of its own, whatever the request asked for ("not found"). */
export function servePage(
  req: IncomingMessage,
  res: ServerResponse,
  root: string,
  page: string,
  status: number,
): Promise<boolean> {
  return new Promise((done) => {
    const stream = send(withoutConditions(req), page, {
      root,
      cacheControl: false,
      acceptRanges: false,
      etag: false,
      lastModified: false,
    });
    stream.on('headers', (response: ServerResponse) => {
      response.statusCode = status;
      response.setHeader('cache-control', 'no-store');
    });
    stream.on('error', () => done(false));
    res.once('close', () => done(true));
    stream.pipe(res);
  });
}

/** A conditional request must not turn a 404 into a 304. */
function withoutConditions(req: IncomingMessage): IncomingMessage {
  for (const name of ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since'])
    delete req.headers[name];
  return req;
}

/** `/` -> `/index.html`, `/trends/x/` and `/trends/x` -> `/trends/x/index.html`, `/a.svg` as it is. */
function fileOf(pathname: string): string {
  if (pathname.endsWith('/')) return `${pathname}index.html`;
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  return isAsset(pathname) || /\.[a-z0-9]{2,5}$/i.test(name) ? pathname : `${pathname}/index.html`;
}
