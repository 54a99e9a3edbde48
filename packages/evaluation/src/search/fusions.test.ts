import assert from 'node:assert/strict';
import test from 'node:test';
import { fused } from './fusions.ts';

const lists = { sparse: [1, 2, 3], dense: [4, 3, 2], hybrid: [] };

test('k = 2, equal weights: 1 / (position + 2) of either list, added', () => {
  // 1: 1/2; 2: 1/3 + 1/4; 3: 1/4 + 1/3; 4: 1/2. Equal ones in order of number.
  assert.deepEqual(fused(lists, { k: 2, dense: 1 }), [2, 3, 1, 4]);
});

test('a list that weighs little moves little; in one that weighs much places hardly count', () => {
  assert.deepEqual(fused(lists, { k: 2, dense: 0.01 }), [1, 2, 3, 4]);
  // Nearly 1 for each of the dense list, and the sparse list parts them.
  assert.deepEqual(fused(lists, { k: 2, dense: 100 }), [2, 3, 4, 1]);
});
