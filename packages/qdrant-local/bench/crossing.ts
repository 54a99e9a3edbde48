/*
 * From what size on a look at all rows is better made by the worker: how long it holds up the event loop when it is
 * made there, and how long it takes when the worker makes it.
 * node packages/qdrant-local/bench/crossing.ts
 */
import { DenseStore } from '../src/collection/dense-store.ts';
import { quantile, round } from './figures.ts';

const SIZE = 128;
const store = new DenseStore({ size: SIZE, distance: 'Cosine' });
const row = Float32Array.from({ length: SIZE }, (_, i) => Math.sin(i));
const query = Float32Array.from({ length: SIZE }, (_, i) => Math.cos(i));

async function measure(
  scan: () => Promise<{ release(): void } | undefined> | { release(): void } | undefined,
): Promise<number> {
  const samples: number[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const before = performance.now();
    const ceilings = await scan();
    if (turn >= 10) samples.push(performance.now() - before);
    ceilings?.release();
  }
  return quantile(samples, 0.5);
}

for (const rows of [10_000, 50_000, 100_000, 200_000, 400_000, 800_000]) {
  for (let slot = store.slots; slot < rows; slot++) store.set(slot, row);
  const here = await measure(() => store.ceilings(query));
  const elsewhere = await measure(() => store.ceilingsElsewhere(query));
  const megabytes = round((rows * SIZE) / 2 ** 20, 1);
  process.stdout.write(
    `${rows} rows, ${megabytes} MB: ${round(here)} ms here, ${round(elsewhere)} ms in the worker\n`,
  );
}
