import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heightOf, motionOf } from './velocity.ts';

const hours = (of: (hour: number) => number, n = 72): number[] => Array.from({ length: n }, (_, i) => of(i));

test('a steady rate has neither velocity nor acceleration', () => {
  const { velocity, acceleration } = motionOf(hours(() => 2));
  assert.deepEqual([velocity, acceleration], [0, 0]);
});

test('velocity is the rate of the last 6 h less that of the day before, headlines an hour', () => {
  assert.equal(motionOf(hours((i) => (i >= 66 ? 3 : 1))).velocity, 2);
  assert.equal(motionOf(hours((i) => (i >= 66 ? 0 : 1))).velocity, -1);
});

test('acceleration is by how much velocity grew in 6 h, headlines an hour and hour', () => {
  // 6 h ago the velocity was 0; now it is 3.
  assert.equal(motionOf(hours((i) => (i >= 66 ? 4 : 1))).acceleration, 0.5);
  // A rate that rose 12 h ago and stays: velocity falls, since more and more of the day before is high too.
  assert.ok(motionOf(hours((i) => (i >= 60 ? 4 : 1))).acceleration < 0);
});

test('scale: so many times the headlines, so many times the motion', () => {
  const counts = hours((i) => (i * i) % 7);
  const [one, ten] = [motionOf(counts), motionOf(counts.map((c) => 10 * c))];
  assert.ok(Math.abs(ten.velocity - 10 * one.velocity) < 1e-9);
  assert.ok(Math.abs(ten.acceleration - 10 * one.acceleration) < 1e-9);
  assert.ok(ten.noise > one.noise && ten.noise < 10 * one.noise);
});

test('series too short for a past: the rate itself, and no acceleration', () => {
  assert.deepEqual([motionOf([4]).velocity, motionOf([4]).acceleration], [4, 0]);
  assert.deepEqual([motionOf([]).velocity, motionOf([]).acceleration], [0, 0]);
});

test('height: 1 at its summit, less below it, whatever the tide', () => {
  const flat = hours(() => 50);
  assert.equal(
    heightOf(
      hours((i) => i),
      flat,
    ),
    1,
  );
  const past = heightOf(
    hours((i) => (i < 30 ? 8 : 2)),
    flat,
  );
  assert.ok(past > 0.2 && past < 0.3, `${past}`);
  assert.equal(
    heightOf(
      hours((i) => (i < 60 ? 8 : 0)),
      flat,
    ),
    0,
  );
  const night = hours((i) => (i >= 60 ? 10 : 50));
  const asEver = heightOf(
    hours((i) => (i >= 60 ? 1 : 5)),
    night,
  );
  assert.ok(
    asEver >
      heightOf(
        hours((i) => (i >= 60 ? 1 : 5)),
        flat,
      ),
    'a night is no fall',
  );
});

test('height of nothing is 0; of a lone headline in a quiet night no summit', () => {
  assert.equal(heightOf([], []), 0);
  assert.equal(
    heightOf(
      hours(() => 0),
      hours(() => 0),
    ),
    0,
  );
  assert.equal(heightOf([1], [3]), 1);
  const lone = heightOf(
    hours((i) => (i === 71 ? 1 : i < 30 ? 5 : 0)),
    hours((i) => (i >= 66 ? 1 : 50)),
  );
  assert.ok(lone < 0.2, `${lone}`);
});
