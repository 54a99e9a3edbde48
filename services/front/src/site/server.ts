import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { healthBody, version, type Checks } from '@afk/runtime';
import type { Log } from './build.ts';
import { createCodeLoader, type SiteCode } from './code.ts';
import { isAsset, serveFile, servePage } from './static.ts';
import { retrySeconds, waitingPage } from './waiting.ts';

export type SiteServer = {
  /**
   * Serves another build from the next request on; requests under way finish on the build they began with.
   * Resolves when nothing reads any more from the builds before the last one: those folders can be deleted.
   */
  swap(buildDir: string): Promise<void>;
  listen(): Promise<{ port: number }>;
  close(): Promise<void>;
  /** The folders in use: the build that is served, then the one before it (its open pages need its assets). */
  builds(): string[];
};

export type SiteServerOptions = {
  /** 0 for any free port. */
  port: number;
  host: string;
  /** The API that pages rendered on demand ask. */
  apiUrl: string;
  log: Log;
  /** More checks for `/health`. */
  checks?: () => Promise<Checks>;
};

type Build = { dir: string; client: string; code: SiteCode; underWay: Set<Promise<void>> };

/** Longest that closing, or letting go of an old build, waits for requests under way. */
const drainMs = 8_000;

/** On pages rendered on demand Astro sets the policy itself, without this directive: hence both of them. */
const headers = {
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'content-security-policy': "frame-ancestors 'self'",
};

/** The web server of the front page: static files of the current build, Astro for all that is live. */
export function createSiteServer(options: SiteServerOptions): SiteServer {
  const loader = createCodeLoader();
  let current: Build | undefined;
  let previous: Build | undefined;
  const server = createServer((req, res) => {
    respond(req, res).catch((error: unknown) => {
      options.log.warn({ err: error, url: req.url }, 'a request failed');
      if (res.headersSent) res.destroy();
      else plain(res, 500, 'Something went wrong here; the log of the front service says what.');
    });
  });

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
    const pathname = pathOf(req.url);
    if (pathname === '/health') return health(res);
    if (req.method !== 'GET' && req.method !== 'HEAD') return methodNotAllowed(res);
    if (pathname === undefined) return plain(res, 400, 'That is not an address.');
    const build = current;
    if (!build) return waiting(res);
    const old = previous;
    const done = answer(req, res, pathname, build, old);
    build.underWay.add(done);
    old?.underWay.add(done);
    await done.finally(() => {
      build.underWay.delete(done);
      old?.underWay.delete(done);
    });
  }

  async function answer(
    req: IncomingMessage,
    res: ServerResponse,
    pathname: string,
    build: Build,
    old?: Build,
  ) {
    if (await serveFile(req, res, build.client, pathname)) return;
    if (isAsset(pathname)) {
      if (old && (await serveFile(req, res, old.client, pathname))) return;
    } else {
      // What is rendered on demand is true at this moment only.
      res.setHeader('cache-control', 'no-store');
      const rendered = await onDemand(build.code, req, res, { apiUrl: options.apiUrl });
      if (rendered) return;
    }
    if (!(await servePage(req, res, build.client, '/404.html', 404)))
      plain(res, 404, 'There is no such page.');
  }

  async function health(res: ServerResponse): Promise<void> {
    const site = { ok: true, detail: current ? `serving ${current.dir}` : 'waiting for the first build' };
    const { status, body } = healthBody('front', version, { site, ...(await options.checks?.()) });
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    res.end(JSON.stringify(body));
  }

  return {
    builds: () => [current, previous].flatMap((b) => (b ? [b.dir] : [])),
    async swap(buildDir) {
      const dir = resolve(buildDir);
      if (current?.dir === dir) return;
      const client = join(dir, 'client');
      await stat(join(client, 'index.html'));
      const code = await loader.load(dir);
      const retired = previous;
      // One assignment each and no await in between: a request sees all of a build or nothing of it.
      previous = current;
      current = { dir, client, code, underWay: new Set() };
      options.log.info({ dir, versions: loader.size() }, 'site swapped');
      if (retired) await settled(retired.underWay);
    },
    listen: () =>
      new Promise((done, fail) => {
        server.once('error', fail);
        server.listen(options.port, options.host, () => {
          server.off('error', fail);
          done({ port: (server.address() as AddressInfo).port });
        });
      }),
    close: () =>
      new Promise((done) => {
        const late = setTimeout(() => server.closeAllConnections(), drainMs);
        server.close(() => {
          clearTimeout(late);
          done();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Lets Astro answer. @returns false where no route of it is asked for. */
async function onDemand(
  code: SiteCode,
  req: IncomingMessage,
  res: ServerResponse,
  locals: object,
): Promise<boolean> {
  let passed = false;
  let failure: unknown;
  await code(
    req,
    res,
    (error) => {
      passed = true;
      failure = error;
    },
    locals,
  );
  if (failure) throw failure;
  return !passed;
}

async function settled(requests: Set<Promise<void>>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, drainMs);
  await Promise.race([Promise.allSettled(requests), late.promise]);
  clearTimeout(timer);
}

/** The decoded path of a request target, or undefined where it is none. */
function pathOf(target = '/'): string | undefined {
  try {
    return decodeURI(new URL(target, 'http://site').pathname) && new URL(target, 'http://site').pathname;
  } catch {
    return undefined;
  }
}

function waiting(res: ServerResponse): void {
  res.writeHead(503, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': String(retrySeconds),
  });
  res.end(waitingPage);
}

function methodNotAllowed(res: ServerResponse): void {
  res.setHeader('allow', 'GET, HEAD');
  plain(res, 405, 'Pages are only read here.');
}

function plain(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  res.end(`${text}\n`);
}
