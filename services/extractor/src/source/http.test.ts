import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { playServer, type Answer } from '../testing/http-server.ts';
import { createFetcher, type Known } from './http.ts';

const TIMEOUT = 700;
const MB = 1024 * 1024;
const lastModified = 'Fri, 21 Nov 2025 10:00:00 GMT';
const redirect =
  (location: string, status = 302): Answer =>
  (_request, response) =>
    response.writeHead(status, { location }).end();

const server = await playServer({
  '/etag': (request, response) => {
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"v1"' }).end('by etag');
  },
  '/modified': (request, response) => {
    if (request.headers['if-modified-since'] === lastModified) response.writeHead(304).end();
    else response.writeHead(200, { 'last-modified': lastModified }).end('by date');
  },
  '/gzip': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed')),
  '/bomb': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(30 * MB))),
  '/not-gzip': (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
  '/big': (_request, response) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let left = 50 * MB;
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length;
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  },
  '/here': (_request, response) => response.end('arrived'),
  '/one': redirect('/two', 301),
  '/two': redirect('here', 308),
  '/loop': redirect('/loop'),
  '/ftp': redirect('ftp://lamp.example/'),
  '/nowhere': redirect('http://['),
  '/500': (_request, response) => response.writeHead(500).end('oh'),
  '/hang': () => {},
  '/hang-inside': (_request, response) => void response.writeHead(200).write('<rss>'),
  '/drip': (_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('x'), 50);
    response.once('close', () => clearInterval(drip));
  },
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('<rss>');
    setTimeout(() => response.destroy(), 50);
  },
  '/no-answer': (_request, response) => void response.destroy(),
  '/no-http': (_request, response) => void response.socket!.end('SSH-2.0-OpenSSH_9\r\n'),
});
let sent = 0;
const limits = { maxBytes: 2 * MB, allowPrivate: true };
const fetcher = createFetcher({ timeoutMs: TIMEOUT, ...limits });
const patient = createFetcher({ timeoutMs: 20_000, ...limits });
after(async () => {
  await Promise.all([fetcher.close(), patient.close()]);
  await server.close();
});
const get = (path: string, known?: Known) => fetcher.get(server.url(path), known);

for (const path of ['/etag', '/modified']) {
  test(`what has not changed is not sent again: ${path}`, async () => {
    const first = await get(path);
    assert.ok(first.state === 'ok');
    assert.deepEqual(await get(path, first), { state: 'not_modified' });
    const other = { etag: '"v0"', lastModified: 'Thu, 20 Nov 2025 10:00:00 GMT' };
    assert.equal((await get(path, other)).state, 'ok');
  });
}

test('gzip is unpacked', async () => {
  const fetched = await get('/gzip');
  assert.equal(fetched.state === 'ok' && fetched.text, 'packed');
});

for (const path of ['/big', '/bomb']) {
  test(`${path}: it is larger than 2 MB`, async () => {
    await assert.rejects(patient.get(server.url(path)), { message: 'it is larger than 2 MB' });
  });
}

test('redirects are followed; the address is that of the last', async () => {
  const fetched = await get('/one');
  assert.ok(fetched.state === 'ok');
  assert.equal(fetched.text, 'arrived');
  assert.equal(fetched.url, server.url('/here'));
});

const failing: [path: string, reason: RegExp | string][] = [
  ['/nothing', 'the server answered 404 Not Found'],
  ['/500', 'the server answered 500 Internal Server Error'],
  ['/loop', 'it redirects more than 5 times'],
  ['/ftp', 'it redirects to ftp://lamp.example/, which is not the web'],
  ['/nowhere', 'Invalid URL'],
  ['/hang', 'no complete answer within 0.7 s'],
  ['/hang-inside', 'no complete answer within 0.7 s'],
  ['/drip', 'no complete answer within 0.7 s'],
  ['/not-gzip', 'incorrect header check'],
  ['/cut', 'other side closed'],
  ['/no-answer', 'other side closed'],
  ['/no-http', /HTTP/],
];
for (const [path, reason] of failing) {
  test(`${path}: ${String(reason)}`, async () => {
    const started = performance.now();
    await assert.rejects(get(path), (error: Error) => {
      if (typeof reason === 'string') assert.equal(error.message, reason);
      else assert.match(error.message, reason);
      return true;
    });
    assert.ok(performance.now() - started < TIMEOUT + 500, `${performance.now() - started} ms`);
  });
}

test('of 50 MB hardly more than the limit is downloaded', async () => {
  sent = 0;
  await assert.rejects(patient.get(server.url('/big')), /larger than 2 MB/);
  assert.ok(sent < 20 * MB, `${Math.round(sent / MB)} MB`);
});

test('a closed port says so, by name, too', async () => {
  const gone = await playServer();
  await gone.close();
  await assert.rejects(fetcher.get(gone.url('/')), /^Error: connect ECONNREFUSED 127\.0\.0\.1/);
  await assert.rejects(fetcher.get(`http://localhost:${gone.port}/`), /connect ECONNREFUSED/);
});

test('no address and no web address are told, a password never', async () => {
  await assert.rejects(fetcher.get('http://'), /Invalid URL/);
  await assert.rejects(fetcher.get('http://no-such-host.invalid/'), /ENOTFOUND no-such-host\.invalid/);
  await assert.rejects(fetcher.get(`http://ann:secret@127.0.0.1:${server.port}/here`), (error: Error) => {
    assert.match(error.message, /user name or password: not supported/);
    assert.doesNotMatch(String(error.cause ?? '') + error.message, /secret/);
    return true;
  });
});

test('a signal ends a fetch at once, with its own reason', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('the service is stopping')), 100);
  const started = performance.now();
  await assert.rejects(
    fetcher.get(server.url('/hang-inside'), undefined, stop.signal),
    /service is stopping/,
  );
  assert.ok(performance.now() - started < 400);
});

test('a host that hangs does not hold up the others', async () => {
  const hanging = Array.from({ length: 3 }, () => assert.rejects(get('/hang'), /no complete answer/));
  const started = performance.now();
  await get('/here');
  assert.ok(performance.now() - started < 300);
  await Promise.all(hanging);
});
