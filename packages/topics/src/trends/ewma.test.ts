import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ewmaZ } from './ewma.ts';

const flat = (level: number, bins = 24): number[] => Array.from({ length: bins }, () => level);
const last = (series: number[], value: number): number[] => [...series.slice(0, -1), value];

test('as much as ever is 0, more is above it, less below', () => {
  assert.equal(ewmaZ(flat(4), flat(40)), 0);
  assert.ok(ewmaZ(last(flat(4), 12), flat(40)) > 2);
  assert.ok(ewmaZ(last(flat(4), 0), flat(40)) < -1.5);
});

test('a steady share has the deviation of a count: z of 12 where 4 were expected', () => {
  // mu d = 4, no variance of the share: (12 - 4) / sqrt(1 + 4).
  assert.ok(Math.abs(ewmaZ(last(flat(4), 12), flat(40)) - 8 / Math.sqrt(5)) < 1e-9);
});

test('more headlines raise it, more headlines of others lower it', () => {
  const noisy = flat(0).map((_, i) => (i * 7) % 5);
  for (let count = 0; count < 30; count += 1) {
    assert.ok(ewmaZ(last(noisy, count + 1), flat(60)) > ewmaZ(last(noisy, count), flat(60)));
    assert.ok(ewmaZ(last(noisy, count), last(flat(60), 90)) < ewmaZ(last(noisy, count), flat(60)));
  }
});

test('a tide leaves it where it was', () => {
  const tide = last(flat(4), 16);
  assert.ok(
    Math.abs(
      ewmaZ(
        tide,
        tide.map((count) => 10 * count),
      ),
    ) < 1e-9,
  );
});

test('a share that always varied is less of a surprise', () => {
  const varied = flat(0).map((_, i) => (i % 2 ? 8 : 0));
  assert.ok(ewmaZ(last(varied, 12), flat(40)) < ewmaZ(last(flat(4), 12), flat(40)));
});

test('the first headline of a trend counts as one; nothing is judged before four bins are known', () => {
  assert.equal(ewmaZ(last(flat(0), 1), flat(40)), 1);
  assert.equal(ewmaZ([0, 0, 0, 9], flat(40, 4)), 0);
  assert.equal(ewmaZ([0, 0, 0, 0, 9], flat(40, 5)), 9);
  assert.equal(ewmaZ([0, 0, 0, 0, 9], [40, 0, 40, 40, 40]), 0, 'an hour without any headline is none');
});

test('the average forgets: what was usual long ago is not expected now', () => {
  const faded = flat(0, 40).map((_, i) => (i < 10 ? 8 : 0));
  assert.ok(ewmaZ(last(faded, 2), flat(40, 40)) > 1);
});

test('empty, one bin, silence, huge counts: finite', () => {
  const cases: [number[], number[]][] = [
    [[], []],
    [[3], [4]],
    [flat(0), flat(0)],
    [last(flat(1e12), 4e12), flat(1e13)],
  ];
  for (const [matching, total] of cases) assert.ok(Number.isFinite(ewmaZ(matching, total)));
});

test('bad input is named', () => {
  assert.throws(() => ewmaZ([2], [1]), /bin 0: 2 of 1/);
  assert.throws(() => ewmaZ([1], [1], { lambda: 0 }), /lambda 0/);
  assert.throws(() => ewmaZ([1], [1], { warmUp: 0 }), /warmUp 0/);
});
