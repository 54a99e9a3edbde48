import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomOf } from '@afk/text';
import { findBurst } from './burst.ts';

const flat = (level: number, bins = 48): number[] => Array.from({ length: bins }, () => level);
/** `level` everywhere, `high` in the bins from..to-1. */
const raised = (level: number, high: number, from: number, to: number): number[] =>
  flat(level).map((_, i) => (i >= from && i < to ? high : level));

/** Kleinberg's cost of one way through the states, written as in the paper. */
function costOf(
  states: readonly number[],
  r: readonly number[],
  d: readonly number[],
  gamma: number,
): number {
  const all = d.reduce((a, b) => a + b, 0);
  const p0 = r.reduce((a, b) => a + b, 0) / all;
  const p = [p0, Math.min(2 * p0, (1 + p0) / 2)] as const;
  let cost = 0;
  states.forEach((state, i) => {
    const of = p[state as 0 | 1];
    cost -= r[i]! * Math.log(of) + (d[i]! - r[i]!) * Math.log(1 - of);
    if (state > (states[i - 1] ?? 0)) cost += gamma * Math.log(states.length);
  });
  return cost;
}

test('the states are the cheapest of all ways there are', () => {
  const random = randomOf(4).uniform;
  for (let round = 0; round < 60; round += 1) {
    const bins = 2 + (round % 9);
    const d = Array.from({ length: bins }, () => 1 + Math.floor(random() * 30));
    const r = d.map((of) => Math.floor(of * random() ** 3));
    if (r.every((count) => count === 0) || r.every((count, i) => count === d[i])) continue;
    const gamma = (round % 3) / 2;
    const found = costOf([...findBurst(r, d, { gamma }).states], r, d, gamma);
    for (let ways = 0; ways < 2 ** bins; ways += 1) {
      const states = r.map((_, i) => (ways >> i) & 1);
      assert.ok(found <= costOf(states, r, d, gamma) + 1e-9, `${r} of ${d}: ${states}`);
    }
  }
});

test('a burst is found where it lies, and says when it began while it goes on', () => {
  const past = findBurst(raised(1, 9, 10, 16), flat(100));
  assert.deepEqual([...past.states], raised(0, 1, 10, 16));
  assert.deepEqual([past.active, past.start, past.weight], [false, -1, 0]);
  const now = findBurst(raised(1, 9, 40, 48), flat(100));
  assert.deepEqual([now.active, now.start], [true, 40]);
  assert.ok(now.weight > 0);
});

test('its weight is what it makes the counts likelier by, and grows with them', () => {
  const r = raised(1, 9, 40, 48);
  const { weight } = findBurst(r, flat(100));
  const states = raised(0, 1, 40, 48);
  const entering = Math.log(48);
  const saved = costOf(flat(0), r, flat(100), 1) - costOf(states, r, flat(100), 1) + entering;
  assert.ok(Math.abs(weight - saved) < 1e-9);
  assert.ok(findBurst(raised(1, 20, 40, 48), flat(100)).weight > weight);
});

test('what lifts all headlines is no burst', () => {
  const tide = raised(2, 40, 40, 48);
  assert.equal(findBurst(tide, flat(100)).active, true);
  assert.equal(
    findBurst(
      tide,
      tide.map((count) => 10 * count),
    ).active,
    false,
  );
});

test('one quiet hour does not end a burst; a silence as long as it does', () => {
  const after = (quiet: number): number[] => raised(0, 8, 40 - quiet, 48 - quiet);
  assert.equal(findBurst(after(1), flat(60)).active, true);
  assert.equal(findBurst(after(1), flat(60)).start, 39);
  assert.equal(findBurst(after(8), flat(60)).active, false);
});

test('scale: the same shape in larger counts bursts as well, and huge counts stay finite', () => {
  for (const scale of [1, 10, 1e4, 1e9]) {
    const found = findBurst(
      raised(1, 9, 40, 48).map((c) => c * scale),
      flat(100 * scale),
    );
    assert.deepEqual([found.active, found.start], [true, 40], `times ${scale}`);
    assert.ok(Number.isFinite(found.weight));
  }
});

test('nothing, silence, one bin, everything and no headlines at all: no burst', () => {
  const quiet: [number[], number[]][] = [
    [[], []],
    [flat(0), flat(9)],
    [flat(0), flat(0)],
    [[5], [9]],
    [flat(7), flat(7)],
  ];
  for (const [matching, total] of quiet) {
    const found = findBurst(matching, total);
    assert.deepEqual([found.active, found.start, found.weight], [false, -1, 0], `${matching}`);
    assert.deepEqual(
      [...found.states],
      matching.map(() => 0),
    );
  }
});

test('the higher the cost, the fewer bins in bursts', () => {
  const random = randomOf(7).uniform;
  const r = flat(0).map(() => Math.floor(random() * 4));
  const busy = [0, 0.5, 1, 2, 4].map(
    (gamma) => findBurst(r, flat(20), { gamma }).states.filter((state) => state === 1).length,
  );
  assert.ok(busy[0]! > 0);
  assert.deepEqual(
    busy,
    busy.toSorted((a, b) => b - a),
  );
});

test('what are no counts is refused by its bin, what is no option by its name', () => {
  assert.throws(() => findBurst([1], []), /matching has 1 bins and total 0/);
  assert.throws(() => findBurst([1, 3], [1, 2]), /bin 1: 3 of 2/);
  assert.throws(() => findBurst([-1], [2]), /bin 0/);
  assert.throws(() => findBurst([0], [NaN]), /bin 0/);
  assert.throws(() => findBurst([0], [Infinity]), /bin 0/);
  assert.throws(() => findBurst([1], [2], { scaling: 1 }), /scaling 1/);
  assert.throws(() => findBurst([1], [2], { gamma: -1 }), /gamma -1/);
});
