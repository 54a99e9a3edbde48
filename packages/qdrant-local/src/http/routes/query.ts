import type { Catalog } from '../../catalog.ts';
import type { Collection } from '../../collection/collection.ts';
import { renderHit } from '../../collection/render.ts';
import type { ScoredOutput } from '../../collection/render.ts';
import { runQueries, runQuery } from '../../collection/search.ts';
import type { Hit } from '../../collection/top-k.ts';
import type { CollectionConfig } from '../../request/collection-config.ts';
import { readGroups } from '../../request/groups.ts';
import { readQuery } from '../../request/query.ts';
import type { QueryRequest } from '../../request/query.ts';
import { readArray, readObject } from '../../request/read.ts';
import { readSearch, readSearchGroups } from '../../request/search.ts';
import { collectionName } from '../params.ts';
import type { Call } from '../params.ts';
import type { Route } from '../router.ts';
import { answerGroups } from './groups.ts';

const POINTS = '/collections/:name/points';

type Read = (config: CollectionConfig, body: unknown) => QueryRequest;

const page = (collection: Collection, { output }: QueryRequest, hits: readonly Hit[]): ScoredOutput[] =>
  hits.map((hit) => renderHit(collection, hit, output));

async function answerOne(catalog: Catalog, call: Call, read: Read): Promise<ScoredOutput[]> {
  const collection = catalog.get(collectionName(call));
  const request = read(collection.config, call.body ?? {});
  return page(collection, request, await runQuery(collection, request));
}

/** All are read before any is run: one that is wrong refuses the batch. */
async function answerBatch(catalog: Catalog, call: Call, read: Read): Promise<ScoredOutput[][]> {
  const collection = catalog.get(collectionName(call));
  const searches = readArray(readObject(call.body, 'body')['searches'], 'searches');
  const requests = searches.map((search) => read(collection.config, search));
  const lists = await runQueries(collection, requests);
  return requests.map((request, position) => page(collection, request, lists[position] as Hit[]));
}

function answerInGroups(catalog: Catalog, call: Call, read: typeof readGroups): Promise<object> {
  const collection = catalog.get(collectionName(call));
  return answerGroups(catalog, collection, read(collection.config, call.body));
}

const inPoints = (points: ScoredOutput[]): object => ({ points });

/** The query routes, and those of the API before them, whose answers are bare lists. */
export const queryRoutes = (catalog: Catalog): Route[] => [
  ['POST', `${POINTS}/query`, async (call) => inPoints(await answerOne(catalog, call, readQuery))],
  [
    'POST',
    `${POINTS}/query/batch`,
    async (call) => (await answerBatch(catalog, call, readQuery)).map(inPoints),
  ],
  ['POST', `${POINTS}/query/groups`, (call) => answerInGroups(catalog, call, readGroups)],
  ['POST', `${POINTS}/search`, (call) => answerOne(catalog, call, readSearch)],
  ['POST', `${POINTS}/search/batch`, (call) => answerBatch(catalog, call, readSearch)],
  ['POST', `${POINTS}/search/groups`, (call) => answerInGroups(catalog, call, readSearchGroups)],
];
