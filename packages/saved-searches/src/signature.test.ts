import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSecret, signatureHeaders } from './signature.ts';

test('the example of the Standard Webhooks specification gives its signature', () => {
  const headers = signatureHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: new Date(1_614_265_330_999),
    body: '{"test": 2432232314}',
  });
  assert.deepEqual(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('each of id, time, body and secret counts; what is not ASCII is signed as UTF-8', () => {
  const secret = newSecret();
  const given = { id: 'msg_1', at: new Date(0), body: '{"a":"élysée 🙂"}' };
  const of = (s: string, more: object): string =>
    signatureHeaders(s, { ...given, ...more })['webhook-signature'];
  const all = [
    of(secret, {}),
    of(secret, { id: 'msg_2' }),
    of(secret, { at: new Date(1000) }),
    of(secret, { body: '{"a":"elysee 🙂"}' }),
    of(newSecret(), {}),
  ];
  assert.equal(new Set(all).size, all.length);
  assert.equal(of(secret, {}), all[0]);
});

test('a secret is new each time, of 32 bytes', () => {
  const [one, two] = [newSecret(), newSecret()];
  assert.notEqual(one, two);
  assert.match(one, /^whsec_[A-Za-z0-9+/]{43}=$/);
});
