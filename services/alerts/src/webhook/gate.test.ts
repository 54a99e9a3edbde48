import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetryLater } from '@afk/bus';
import { Gate } from './gate.ts';
import type { Outcome } from './outcome.ts';

const going = new AbortController().signal;
const nobody: Outcome = { kind: 'again', reason: 'no answer', unreachable: true };
const busy: Outcome = { kind: 'again', reason: 'it answered 500', unreachable: false };
const fine: Outcome = { kind: 'delivered' };

function clocked() {
  let now = 0;
  const gate = new Gate(() => now);
  return {
    gate,
    tick: (ms: number) => void (now += ms),
    send: (name: string, outcome: Outcome) =>
      gate.pass(`https://lamp.example/${name}`, going, async () => outcome),
  };
}

test('one that was not there three times in a row is left alone, longer each time; its neighbour is not', async () => {
  const { tick, send } = clocked();
  for (let i = 0; i < 3; i++) await send('a', nobody);
  await assert.rejects(
    send('a', fine),
    (e: Error) => e instanceof RetryLater && e.ms >= 5000 && e.ms <= 7500,
  );
  assert.equal(await send('b', fine), fine);
  tick(5001);
  await send('a', nobody);
  await assert.rejects(send('a', fine), (e: Error) => e instanceof RetryLater && e.ms >= 10_000);
  tick(10_001);
  assert.equal(await send('a', fine), fine);
  assert.equal(await send('a', nobody), nobody);
  assert.equal(await send('a', fine), fine);
});

test('it is never left alone for more than a little over five minutes', async () => {
  const { tick, send } = clocked();
  for (let i = 0; i < 30; i++) {
    await send('a', nobody).catch(() => {});
    tick(300_001);
  }
  tick(-300_001);
  await assert.rejects(send('a', fine), (e: Error) => e instanceof RetryLater && e.ms <= 450_000);
});

test('one that answers, whatever it says, is there', async () => {
  const { send } = clocked();
  for (let i = 0; i < 10; i++) await send('a', busy);
  assert.equal(await send('a', fine), fine);
});

test('those that failed side by side count once', async () => {
  const { send } = clocked();
  await Promise.all(Array.from({ length: 8 }, () => send('a', nobody)));
  assert.equal(await send('a', fine), fine);
});

test('eight at a time; those who wait get the places, or leave when they are told to', async () => {
  const { gate } = clocked();
  let inHand = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const slow = (): Promise<Outcome> =>
    gate.pass('https://lamp.example/a', going, async () => {
      most = Math.max(most, ++inHand);
      await new Promise<void>((end) => ends.push(end));
      inHand--;
      return fine;
    });
  const all = Array.from({ length: 20 }, slow);
  const stop = new AbortController();
  const leaving = gate.pass('https://lamp.example/a', stop.signal, async () => fine);
  stop.abort(new Error('the service is stopping'));
  await assert.rejects(leaving, /stopping/);
  await assert.rejects(
    gate.pass('https://lamp.example/b', stop.signal, async () => fine),
    /stopping/,
  );
  for (let done = 0; done < 20; done++) {
    while (ends.length === 0) await new Promise((turn) => setImmediate(turn));
    ends.shift()!();
  }
  await Promise.all(all);
  assert.equal(most, 8);
});

test('those who wait are turned away as soon as it is left alone', async () => {
  const { gate, send } = clocked();
  for (let i = 0; i < 2; i++) await send('a', nobody);
  const ends: (() => void)[] = [];
  const hang = (): Promise<Outcome> =>
    gate.pass('https://lamp.example/a', going, async () => {
      await new Promise<void>((end) => ends.push(end));
      return nobody;
    });
  const all = Array.from({ length: 12 }, hang);
  const turned = Promise.allSettled(all);
  await new Promise((turn) => setImmediate(turn));
  for (const end of ends.splice(0)) end();
  const results = await turned;
  assert.equal(results.filter((r) => r.status === 'fulfilled').length, 8);
  assert.ok(results.every((r) => r.status === 'fulfilled' || r.reason instanceof RetryLater));
});
