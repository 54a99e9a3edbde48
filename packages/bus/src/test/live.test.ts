import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  connect,
  listenBroadcast,
  openTokenStream,
  readTokenStream,
  sendBroadcast,
  Subscriptions,
  Unavailable,
  type BroadcastListener,
  type Missed,
  type Redis,
} from '../index.ts';
import { bench, until } from './harness.ts';

let b: Awaited<ReturnType<typeof bench>>;
let subscriber: Redis;
let subscriptions: Subscriptions;
beforeEach(async () => {
  b = await bench();
  subscriber = await connect(b.redisUrl, 'subscriber', 'test');
  subscriptions = new Subscriptions(subscriber, b.names);
});
afterEach(async () => {
  subscriber.disconnect();
  await b.close();
});

const CHANNEL = 'config:changes';
const send = (value: unknown) => sendBroadcast(b, CHANNEL, { key: 'window', value });

async function listener(options: Partial<BroadcastListener> = {}) {
  const got: unknown[] = [];
  const missed: Missed[] = [];
  const stop = await listenBroadcast(
    { command: b.redis, subscriptions, names: b.names, log: b.log },
    CHANNEL,
    {
      onMessage: (m) => void got.push(m['value']),
      onMissed: (m) => void missed.push(m),
      ...options,
    },
  );
  return { got, missed, stop };
}

/** Cuts the listener's connection, and does something before it is back. */
async function whileAway(work: () => Promise<void>): Promise<void> {
  subscriber.disconnect();
  await sleep(50);
  await work();
  await subscriber.connect();
}

test('a broadcast reaches every listener, in the form that it was given, under the next revision', async () => {
  const heard = await b.listen();
  const [one, two] = [await listener(), await listener()];
  assert.equal(await send('72h'), 1);
  assert.equal(await send('48h'), 2);
  await until('both', () => one.got.length === 2 && two.got.length === 2 && heard.length === 2);
  assert.deepEqual(one.got, ['72h', '48h']);
  assert.deepEqual(
    heard.map((h) => `${h.channel} ${h.text}`),
    [
      `${b.env}-config:changes {"key":"window","value":"72h","revision":1}`,
      `${b.env}-config:changes {"key":"window","value":"48h","revision":2}`,
    ],
  );
  two.stop();
  await send('24h');
  await until('the third', () => one.got.length === 3);
  assert.equal(two.got.length, 2, 'who stopped listening hears no more');
});

test('what was missed while away is re-read at the next subscription, in order and once', async () => {
  const { got, missed } = await listener();
  await send(1);
  await until('the first', () => got.length === 1);
  await whileAway(async () => {
    for (let n = 2; n <= 350; n++) await send(n);
  });
  await send(351);
  await until('all', () => got.length === 351);
  assert.deepEqual(
    got,
    Array.from({ length: 351 }, (_, i) => i + 1),
  );
  assert.deepEqual(missed, []);
});

test('a listener that begins at a revision gets what came since', async () => {
  for (let n = 1; n <= 5; n++) await send(n);
  const { got } = await listener({ since: 3 });
  await until('two', () => got.length === 2);
  assert.deepEqual(got, [4, 5]);
});

test('what can not be had any more is told, by its revisions', async () => {
  const { got, missed } = await listener();
  await send(1);
  await until('the first', () => got.length === 1);
  await whileAway(async () => {
    for (let n = 2; n <= 20; n++) await send(n);
    await b.redis.xtrim(b.names.kept(CHANNEL), 'MAXLEN', 5);
  });
  await until('the rest', () => got.length === 6);
  assert.deepEqual(missed, [{ from: 2, to: 15 }]);
  assert.deepEqual(got, [1, 16, 17, 18, 19, 20]);
});

test('after a FLUSHALL it goes on, and says that it does not know what it missed', async () => {
  const { got, missed } = await listener();
  for (let n = 1; n <= 3; n++) await send(n);
  await until('three', () => got.length === 3);
  await whileAway(async () => {
    await b.redis.del(b.names.kept(CHANNEL));
    await send('anew');
  });
  await until('the new one', () => got.length === 4);
  assert.deepEqual(missed, [{ from: 4, to: undefined }]);
});

test('a FLUSHALL under a listener that stays connected is noticed by the next message', async () => {
  const { got, missed } = await listener();
  for (let n = 1; n <= 3; n++) await send(n);
  await until('three', () => got.length === 3);
  await b.redis.del(b.names.kept(CHANNEL));
  await send('anew');
  await until('the new one', () => got.length === 4);
  assert.deepEqual(missed, [{ from: 4, to: undefined }]);
  await send('and on');
  await until('the next one', () => got.length === 5);
});

test('a slow listener holds no more than its buffer, says what it dropped, and gets it all the same', async () => {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const got: unknown[] = [];
  await listener({
    buffer: 10,
    onMessage: async (m) => {
      await gate;
      got.push(m['value']);
    },
  });
  for (let n = 1; n <= 200; n++) await send(n);
  await sleep(100);
  release();
  await until('all of them', () => got.length === 200);
  assert.deepEqual(
    got,
    Array.from({ length: 200 }, (_, i) => i + 1),
  );
  assert.ok(b.log.lines.some((l) => /too slow/.test(l) && /"dropped":\d+/.test(l)));
});

test('a source of its own is re-read from, and rubbish on the channel harms nothing', async () => {
  const asked: number[] = [];
  const { got } = await listener({
    since: 7,
    reread: async (since) => {
      asked.push(since);
      return { messages: since < 9 ? [{ revision: 9, message: { value: 'from the table' } }] : [] };
    },
  });
  await until('the re-read', () => got.length === 1);
  await b.publish(CHANNEL, 'rubbish {');
  await sendBroadcast(b, CHANNEL, { value: 'live', revision: 10 });
  await sendBroadcast(b, CHANNEL, { value: 'late', revision: 8 });
  await b.publish(CHANNEL, '{"value":"bare"}');
  await until('the bare one', () => got.includes('bare'));
  assert.deepEqual(got, ['from the table', 'live', 'bare']);
  assert.deepEqual(asked, [7]);
  assert.ok(b.log.lines.some((l) => /not JSON/.test(l)));
});

const reader = (session: string, options = {}) =>
  readTokenStream({ command: b.redis, subscriptions, names: b.names }, session, options);

async function all(session: string, options = {}): Promise<string> {
  let text = '';
  for await (const { message } of reader(session, options)) {
    if ('token' in message) text += message.token;
  }
  return text;
}

test('tokens stream to a reader as they are written, and are published as the texts have them', async () => {
  const heard = await b.listen();
  const writer = openTokenStream({ ...b }, 's1');
  const first: number[] = [];
  const read = (async () => {
    const got = [];
    for await (const { id, message } of reader('s1')) {
      got.push(message);
      first.push(id);
    }
    return got;
  })();
  await writer.write('Once');
  await until('the first token', () => first.length === 1);
  await writer.write(' upon');
  await writer.end({ sources: ['https://a.example/1'] });
  const expected = [
    { token: 'Once', index: 0, type: 'text' },
    { token: ' upon', index: 1, type: 'text' },
    { done: true, sources: ['https://a.example/1'] },
  ];
  assert.deepEqual(await read, expected);
  await until('the published form', () => heard.length === 3);
  assert.deepEqual(
    heard.filter((h) => h.channel === `${b.env}-ai:stream:s1`).map((h) => h.text),
    expected.map((m) => JSON.stringify(m)),
  );
});

test('a reader that reconnects goes on after the last id that it had', async () => {
  const writer = openTokenStream({ ...b }, 's2');
  const words = Array.from({ length: 700 }, (_, i) => `w${i} `);
  for (const word of words) await writer.write(word);
  await writer.end();
  assert.equal(await all('s2'), words.join(''));
  assert.equal(await all('s2', { after: 500 }), words.slice(500).join(''));
  assert.equal(await all('s2', { after: 701 }), '', 'who has the end has it all');
  assert.ok((await b.redis.pttl(b.names.tokens('s2'))) > 0, 'and it is not kept for ever');
});

test('a reader so slow that tokens are gone is cut, and told which', async () => {
  const writer = openTokenStream({ ...b }, 's3', { kept: 100 });
  for (let i = 0; i < 1000; i++) await writer.write('x');
  await writer.end();
  await assert.rejects(all('s3', { after: 3 }), (e: Error) => {
    return e instanceof Unavailable && /tokens 4 to \d+ of "s3" are gone/.test(e.message);
  });
});

test('no such stream, one that is gone, and a session id that is none: each is said', async () => {
  await assert.rejects(all('nobody', { startWithinMs: 50 }), /there is no token stream "nobody"/);
  await assert.rejects(all('nobody', { after: 5 }), /"nobody" is gone/);
  await assert.rejects(all('../x:*'), RangeError);
  assert.throws(() => openTokenStream({ ...b }, 'a b'), RangeError);
});

test('a reader that gives up ends at once', async () => {
  const abort = new AbortController();
  const writer = openTokenStream({ ...b }, 's4');
  await writer.write('a');
  setTimeout(() => abort.abort(), 100);
  assert.equal(await all('s4', { signal: abort.signal }), 'a');
  await writer.end();
});
