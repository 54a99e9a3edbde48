import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Agent, type Dispatcher } from 'undici';
import { playServer } from '../testing/http-server.ts';
import { createAgent, createFetcher } from './http.ts';

const server = await playServer({ '/feed': (_request, response) => response.end('inside') });
/** What answers for every site in `.example`: the public web, as this test plays it. */
const web = await playServer({ '/feed': (_request, response) => response.end('outside') });
const plain = new Agent();
const limits = { timeoutMs: 3000, maxBytes: 1024, allowPrivate: false };
const toTheWeb: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  String(options.origin).endsWith('.example')
    ? plain.dispatch({ ...options, origin: web.url('') }, handler)
    : dispatch(options, handler);
const guarded = createFetcher(limits, createAgent(limits).compose(toTheWeb));
const open = createFetcher({ ...limits, allowPrivate: true });
after(async () => {
  await guarded.close();
  await open.close();
  await plain.destroy();
  await server.close();
  await web.close();
});

const inside = [
  '127.0.0.1',
  '127.1',
  '10.0.0.7',
  '172.16.3.4',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '0.0.0.0',
  '0',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '017700000001',
  '255.255.255.255',
  '224.0.0.1',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fd00::1]',
  'localhost',
  'LocalHost',
];
for (const host of inside) {
  test(`http://${host}/ is refused`, async () => {
    const asked = server.asked.length;
    await assert.rejects(guarded.get(`http://${host}:${server.port}/feed`), (error: Error) => {
      assert.equal(error.name, 'ForbiddenAddress');
      assert.match(error.message, /is a \w+ address: refused \(AFK_ALLOW_PRIVATE_FEEDS=1 allows it\)$/);
      return true;
    });
    assert.equal(server.asked.length, asked, 'the server was asked');
  });
}

for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '[::ffff:127.0.0.1]', 'localhost']) {
  test(`http://${host}/ is fetched where private addresses are allowed`, async () => {
    const fetched = await open.get(`http://${host}:${server.port}/feed`);
    assert.equal(fetched.state === 'ok' && fetched.text, 'inside');
  });
}

for (const host of ['127.0.0.1', 'localhost', '[::ffff:7f00:1]']) {
  test(`a public site that redirects to ${host} does not lead there`, async () => {
    const location = `http://${host}:${server.port}/feed`;
    web.on('/moved', (_request, response) => response.writeHead(301, { location }).end());
    const asked = server.asked.length;
    await assert.rejects(guarded.get('http://lamp.example/moved'), { name: 'ForbiddenAddress' });
    assert.equal(server.asked.length, asked, 'the server was asked');
  });
}

test('a public site is fetched, also where it redirects to another', async () => {
  const location = 'http://bell.example/feed';
  web.on('/old', (_request, response) => response.writeHead(302, { location }).end());
  const fetched = await guarded.get('http://lamp.example/old');
  assert.equal(fetched.state === 'ok' && fetched.text, 'outside');
  assert.equal(fetched.state === 'ok' && fetched.url, location);
});
