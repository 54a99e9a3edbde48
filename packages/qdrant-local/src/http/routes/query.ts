import type { Catalog } from '../../catalog.ts';
import type { Collection } from '../../collection/collection.ts';
import { renderHit } from '../../collection/render.ts';
import { runQuery } from '../../collection/search.ts';
import { readQuery } from '../../request/query.ts';
import type { QueryRequest } from '../../request/query.ts';
import { readArray, readObject } from '../../request/read.ts';
import { collectionName } from '../params.ts';
import type { Route } from '../router.ts';

const answer = (collection: Collection, request: QueryRequest): object => ({
  points: runQuery(collection, request).map((hit) => renderHit(collection, hit, request.output)),
});

export const queryRoutes = (catalog: Catalog): Route[] => [
  [
    'POST',
    '/collections/:name/points/query',
    (call) => {
      const collection = catalog.get(collectionName(call));
      return answer(collection, readQuery(collection.config, call.body ?? {}));
    },
  ],
  [
    'POST',
    '/collections/:name/points/query/batch',
    (call) => {
      const collection = catalog.get(collectionName(call));
      const searches = readArray(readObject(call.body, 'body')['searches'], 'searches');
      // All are read before any is run: one that is wrong refuses the batch.
      const requests = searches.map((search) => readQuery(collection.config, search));
      return requests.map((request) => answer(collection, request));
    },
  ],
];
