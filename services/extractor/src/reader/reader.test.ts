import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opml, rssOf } from '../testing/feeds.ts';
import { createReader } from './reader.ts';

/** What takes the parser minutes, and is small. */
const hostile = `<rss version="2.0"><channel><title>t</title><item><title>${'<'.repeat(1_000_000)}`;
const context = { url: 'https://lamp.example/', title: '', language: null, now: new Date(), clamp: true };

test('a text that takes the parser too long is given up; the others, and the event loop, go on', async () => {
  const reader = createReader({ timeoutMs: 1500 });
  let turns = 0;
  let turning: NodeJS.Timeout | undefined;
  try {
    await reader.feed(rssOf(1), context);
    turning = setInterval(() => turns++, 10);
    const started = performance.now();
    const bad = [1, 2].map(() =>
      assert.rejects(reader.feed(hostile, context), { message: 'it cannot be read within 1.5 s' }),
    );
    const good = Promise.all(Array.from({ length: 8 }, (_, i) => reader.feed(rssOf(5, i), context)));
    await Promise.all(bad);
    assert.ok(performance.now() - started < 10_000);
    assert.deepEqual(new Set((await good).map((f) => f.headlines.length)), new Set([5]));
    assert.ok(turns > 30, `the event loop turned ${turns} times in 1.5 s and more`);
  } finally {
    clearInterval(turning);
    await reader.close();
  }
});

test('dates and errors come back as they are', async () => {
  const reader = createReader({ timeoutMs: 5000 });
  try {
    const { headlines } = await reader.feed(rssOf(1), context);
    assert.deepEqual(headlines[0]!.publishedAt, context.now);
    await assert.rejects(reader.feed('<p>Sign in', context), {
      message: 'neither RSS, Atom nor JSON Feed; it begins with "<p>Sign in"',
    });
    assert.equal((await reader.opml(opml('https://lamp.example/rss'), 'x.opml')).length, 1);
    await assert.rejects(reader.opml('<p>', 'x.opml'), { name: 'NotOpml', message: /^feed list x\.opml: / });
  } finally {
    await reader.close();
  }
});

test('a list that takes too long is named', async () => {
  const reader = createReader({ timeoutMs: 300 });
  const text = `<opml version="2.0"><head><title>${'<'.repeat(1_000_000)}`;
  await assert.rejects(reader.opml(text, 'x.opml'), {
    message: 'feed list x.opml: it cannot be read within 0.3 s',
  });
  await reader.close();
});

test('a signal, and the close, end what is being read at once', async () => {
  const reader = createReader({ timeoutMs: 60_000 });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('the service is stopping')), 700);
  const started = performance.now();
  await assert.rejects(reader.feed(hostile, context, stop.signal), { message: 'the service is stopping' });
  setTimeout(() => void reader.close(), 700);
  await assert.rejects(reader.feed(hostile, context), { message: 'the reader is closed' });
  await assert.rejects(reader.feed(rssOf(1), context), { message: 'the reader is closed' });
  assert.ok(performance.now() - started < 8000);
});
