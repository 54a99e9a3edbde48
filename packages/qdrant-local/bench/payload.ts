/*
 * What payloads take as parsed objects and as JSON text.
 * node --expose-gc packages/qdrant-local/bench/payload.ts
 */
import { Corpus } from './corpus.ts';
import { round } from './figures.ts';

const COUNT = 100_000;

/** Bytes in use in the heap and beside it. */
function used(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const corpus = new Corpus(7);
const texts = Array.from({ length: COUNT }, (_, number) => JSON.stringify(corpus.headline(number).payload));
const length = texts.reduce((sum, text) => sum + text.length, 0) / COUNT;

const before = used();
const bytes = texts.map((text) => Buffer.from(text));
const asText = used() - before;
const start = performance.now();
const objects = bytes.map((text) => JSON.parse(text.toString()) as unknown);
const took = performance.now() - start;
const asObjects = used() - before - asText;

process.stdout.write(
  `${objects.length} payloads of ${round(length, 0)} characters: ${round(asObjects / COUNT, 0)} bytes each as objects, ` +
    `${round(asText / COUNT, 0)} as text, ${round((took / COUNT) * 1000)} microseconds to parse one\n`,
);
