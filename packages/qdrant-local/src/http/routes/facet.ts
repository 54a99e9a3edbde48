import type { Catalog } from '../../catalog.ts';
import { facet } from '../../collection/facet.ts';
import { parsePath } from '../../payload/json-path.ts';
import { readFilter } from '../../request/filter.ts';
import { optional, readBoolean, readObject, readString, readUnsigned, refuse } from '../../request/read.ts';
import { collectionName } from '../params.ts';
import type { Route } from '../router.ts';

const DEFAULT_LIMIT = 10;

export const facetRoutes = (catalog: Catalog): Route[] => [
  [
    'POST',
    '/collections/:name/facet',
    (call) => {
      const collection = catalog.get(collectionName(call));
      const fields = readObject(call.body, 'body');
      refuse(fields, { shard_key: 'a shard key' });
      // Counts are exact here, whether they are asked to be or not.
      optional(fields['exact'], 'exact', readBoolean);
      const path = parsePath(readString(fields['key'], 'key'));
      const filter = optional(fields['filter'], 'filter', readFilter);
      const limit = optional(fields['limit'], 'limit', (value, field) => readUnsigned(value, field, 1));
      return { hits: facet(collection, path, filter, limit ?? DEFAULT_LIMIT) };
    },
  ],
];
