/*
 * The engine alone, in this process: no HTTP, no disk.
 * node --expose-gc packages/qdrant-local/bench/engine.ts [points, default 50000]
 */
import { Collection } from '../src/collection/collection.ts';
import { upsertChange } from '../src/collection/mutate.ts';
import { runQueries } from '../src/collection/search.ts';
import { parsePath } from '../src/payload/json-path.ts';
import { readCollectionConfig } from '../src/request/collection-config.ts';
import { readFieldSchema } from '../src/request/field-schema.ts';
import { readUpsert } from '../src/request/points.ts';
import { readQuery } from '../src/request/query.ts';
import { Corpus } from './corpus.ts';
import type { Headline } from './corpus.ts';
import { memory, round, spread } from './figures.ts';
import { CONFIG, INDEXES, SEARCHES } from './requests.ts';

const QUERIES = 300;

const points = Number(process.argv[2] ?? 50_000);
const corpus = new Corpus(7);
const collection = new Collection(readCollectionConfig(CONFIG));
for (const [field, type] of Object.entries(INDEXES)) {
  collection.createField(parsePath(field), readFieldSchema(type));
}

/** Milliseconds spent in reading and applying upserts; the making of headlines is not in it. */
function fill(): { took: number; sample: Headline[] } {
  const sample: Headline[] = [];
  let took = 0;
  for (const { body } of corpus.upserts(points, sample, QUERIES)) {
    const before = performance.now();
    collection.apply(upsertChange(collection, readUpsert(collection.config, JSON.parse(body))));
    took += performance.now() - before;
  }
  return { took, sample };
}

const empty = memory();
const { took, sample } = fill();
const full = memory();
process.stdout.write(`${points} points: ${round((points / took) * 1000, 0)} points/s read and applied\n`);
process.stdout.write(`memory: ${JSON.stringify(full)}, when empty ${JSON.stringify(empty)}\n`);

const queries = sample.slice(0, QUERIES).map((headline) => corpus.query(headline));
for (const [name, searches] of Object.entries(SEARCHES)) {
  const samples: number[] = [];
  let cpu = 0;
  for (const turn of [0, 1]) {
    const start = process.cpuUsage();
    for (const query of queries) {
      const requests = searches(query).map((search) => readQuery(collection.config, search));
      const before = performance.now();
      await runQueries(collection, requests);
      // The first round warms up.
      if (turn > 0) samples.push(performance.now() - before);
    }
    const { user, system } = process.cpuUsage(start);
    cpu = round((user + system) / 1000 / queries.length, 3);
  }
  process.stdout.write(`${name}: p50 / p99 ${spread(samples)}, mean ${cpu} ms of CPU\n`);
}
