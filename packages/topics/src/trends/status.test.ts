import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf, type Signs } from './status.ts';
import type { TrendStatus } from './types.ts';

/** A trend of two days that stands at 45 % of its height, where nothing moves. */
const level: Signs = {
  burst: false,
  z: 0,
  velocity: 0,
  acceleration: 0,
  noise: 0.1,
  height: 0.45,
  ageHours: 48,
  silentHours: 1,
};
const statuses = ['emerging', 'rising', 'peaking', 'fading', 'dormant'] as const;
const judge = (signs: Partial<Signs>, previous?: TrendStatus): TrendStatus =>
  statusOf({ ...level, ...signs }, previous);

test('each status has its signs', () => {
  assert.equal(judge({ silentHours: 24 }), 'dormant');
  assert.equal(judge({ silentHours: Infinity }), 'dormant');
  assert.equal(judge({ ageHours: 11 }), 'emerging');
  assert.equal(judge({ z: 1, velocity: 1 }), 'rising');
  assert.equal(judge({ burst: true, velocity: 1, acceleration: 1 }), 'rising');
  assert.equal(judge({ burst: true, velocity: 1, acceleration: -1 }), 'peaking');
  assert.equal(judge({ z: 2, velocity: -1 }), 'peaking');
  assert.equal(judge({ z: -1, height: 0.9 }), 'fading');
});

test('one that neither rises nor falls is peaking from half of its height on, else fading', () => {
  assert.equal(judge({ height: 0.5 }), 'peaking');
  assert.equal(judge({ height: 0.49 }), 'fading');
});

test('a burst is no fall, and silence ends even a burst', () => {
  assert.equal(judge({ burst: true, z: -2 }), 'peaking');
  assert.equal(judge({ burst: true, silentHours: 25 }), 'dormant');
});

test('a new trend that falls already is fading, and one that is told again wakes', () => {
  assert.equal(judge({ ageHours: 5, z: -1.5 }), 'fading');
  assert.equal(judge({ z: 3, velocity: 1 }, 'dormant'), 'rising');
});

test('a figure that wavers about a border does not turn the status back and forth', () => {
  const follow = (course: Partial<Signs>[]): number => {
    let previous: TrendStatus | undefined;
    const seen = course.map((signs) => (previous = judge(signs, previous)));
    return seen.filter((status, i) => i > 0 && status !== seen[i - 1]).length;
  };
  const waver = (key: keyof Signs, a: number, b: number, more: Partial<Signs>) =>
    Array.from({ length: 20 }, (_, i) => ({ ...more, [key]: i % 2 ? a : b }));
  assert.equal(follow(waver('z', 1.1, 0.9, { velocity: 1 })), 1, 'it rises, and that is that');
  assert.equal(follow(waver('z', -1.1, -0.9, { height: 0.55 })), 1);
  assert.equal(follow(waver('acceleration', 0.05, -0.05, { burst: true, velocity: 1 })), 0);
  assert.equal(follow(waver('height', 0.49, 0.51, {})), 0);
  assert.ok(follow(waver('z', -2, 2, { velocity: 1 })) > 10, 'a real change still shows');
});

test('on a grid of all signs: every status is met, and judging again with the answer gives the answer', () => {
  const met = new Set<TrendStatus>();
  const grid = { z: [-2, -1, -0.7, -0.5, 0, 0.5, 0.7, 1, 3], height: [0, 0.4, 0.45, 0.5, 0.55, 0.6, 1] };
  const motion = [-1, -0.6, -0.1, -0.05, 0, 0.05, 0.1, 0.11, 0.6, 0.61, 1];
  for (const previous of [undefined, ...statuses])
    for (const burst of [false, true])
      for (const z of grid.z)
        for (const height of grid.height)
          for (const velocity of motion)
            for (const acceleration of motion)
              for (const ageHours of [1, 12, 50])
                for (const silentHours of [0, 24]) {
                  const signs = { burst, z, height, velocity, acceleration, ageHours, silentHours };
                  const status = judge(signs, previous);
                  met.add(status);
                  if (judge(signs, status) !== status) assert.fail(`${previous}: ${JSON.stringify(signs)}`);
                }
  assert.deepEqual([...met].toSorted(), statuses.toSorted());
});
