import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { test } from 'node:test';
import { addressGuard, ForbiddenAddress } from './address.ts';

const guard = addressGuard('AFK_ALLOW_PRIVATE_LAMPS');
const resolve = (name: string, all: boolean) =>
  new Promise((done, fail) => {
    guard.lookup(name, { all }, (error, address) => (error ? fail(error) : done(address)));
  });

test('an address that leads inside is refused, in words that name the setting', () => {
  for (const [host, range] of [
    ['127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['[::1]', 'loopback'],
    ['[::ffff:192.168.0.1]', 'private'],
    ['[::7f00:1]', 'deprecated'],
    ['[fd00::1]', 'uniqueLocal'],
  ] as const) {
    assert.throws(
      () => guard.assertPublic(host),
      (error: Error) =>
        error instanceof ForbiddenAddress &&
        error.message.includes(` is a ${range} address: refused (AFK_ALLOW_PRIVATE_LAMPS=1 allows it)`),
      host,
    );
  }
});

test('a public address, and a name, pass', () => {
  for (const host of ['93.184.216.34', '[2606:2800:220:1::1]', 'lamp.example', '']) guard.assertPublic(host);
});

test('a name is judged by what it resolves to; one that does not resolve is told as such', async () => {
  for (const all of [true, false]) {
    await assert.rejects(resolve('localhost', all), { name: 'ForbiddenAddress' });
    await assert.rejects(resolve('lamp.invalid', all), (error: NodeJS.ErrnoException) =>
      /ENOTFOUND|EAI_AGAIN/.test(error.code!),
    );
  }
  assert.match((await lookup('localhost')).address, /^(127\.|::1)/);
});
