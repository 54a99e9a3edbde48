import type { Catalog } from '../../catalog.ts';
import { readAliasActions } from '../../request/aliases.ts';
import { collectionName } from '../params.ts';
import type { Route } from '../router.ts';

export const aliasRoutes = (catalog: Catalog): Route[] => [
  ['GET', '/aliases', () => ({ aliases: catalog.aliases() })],
  [
    'GET',
    '/collections/:name/aliases',
    (call) => {
      const name = catalog.resolve(collectionName(call));
      return { aliases: catalog.aliases().filter((alias) => alias.collection_name === name) };
    },
  ],
  [
    'POST',
    '/collections/aliases',
    async (call) => {
      await catalog.changeAliases(readAliasActions(call.body));
      return true;
    },
  ],
];
