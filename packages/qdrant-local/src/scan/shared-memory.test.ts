import assert from 'node:assert/strict';
import { test } from 'node:test';
import { below, seeded } from '../test/random.ts';
import { SharedMemory } from './shared-memory.ts';

test('blocks never overlap, and what is given back is used again', () => {
  const random = seeded(17);
  const shared = new SharedMemory();
  let blocks: { start: number; bytes: number; mark: number }[] = [];
  let largest = 0;
  for (let turn = 0; turn < 3000; turn++) {
    if (random() < 0.55 || blocks.length === 0) {
      const bytes = 1 + below(random, 300_000);
      const start = shared.allocate(bytes);
      new Uint8Array(shared.memory.buffer, start, bytes).fill(turn % 251);
      blocks.push({ start, bytes, mark: turn % 251 });
    } else {
      const [block] = blocks.splice(below(random, blocks.length), 1);
      const bytes = new Uint8Array(shared.memory.buffer, block?.start ?? 0, block?.bytes);
      assert.ok(bytes.every((byte) => byte === block?.mark));
      shared.free(block?.start ?? 0, block?.bytes ?? 0);
    }
    if (turn === 1500) {
      for (const { start, bytes } of blocks) shared.free(start, bytes);
      blocks = [];
      largest = shared.memory.buffer.byteLength;
      // All of it is one piece again.
      shared.free(shared.allocate(largest - 64 * 1024), largest - 64 * 1024);
      assert.equal(shared.memory.buffer.byteLength, largest);
    }
  }
});

test('more than there can be is refused, and takes nothing', () => {
  const shared = new SharedMemory();
  assert.throws(() => shared.allocate(2 ** 33), RangeError);
  assert.ok(shared.allocate(1000) >= 0);
});
