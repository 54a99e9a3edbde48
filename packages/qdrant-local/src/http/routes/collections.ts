import type { Catalog } from '../../catalog.ts';
import { describeCollection } from '../../collection/info.ts';
import { formatPath, parsePath } from '../../payload/json-path.ts';
import { readCollectionConfig } from '../../request/collection-config.ts';
import { mergeCollectionUpdate } from '../../request/collection-update.ts';
import { readFieldSchema } from '../../request/field-schema.ts';
import { readObject, readString } from '../../request/read.ts';
import { collectionName, readWait } from '../params.ts';
import type { Call } from '../params.ts';
import type { Route } from '../router.ts';
import { updateResult } from './update-result.ts';

async function createIndex(catalog: Catalog, call: Call): Promise<object> {
  const name = collectionName(call);
  const { version } = catalog.get(name);
  const fields = readObject(call.body, 'body');
  const path = formatPath(parsePath(readString(fields['field_name'], 'field_name')));
  await catalog.createField(name, path, readFieldSchema(fields['field_schema']));
  return updateResult(version, readWait(call));
}

async function deleteIndex(catalog: Catalog, call: Call): Promise<object> {
  const name = collectionName(call);
  const { version } = catalog.get(name);
  await catalog.deleteField(name, call.params['field'] ?? '');
  return updateResult(version, readWait(call));
}

export const collectionRoutes = (catalog: Catalog): Route[] => [
  ['GET', '/collections', () => ({ collections: catalog.names().map((name) => ({ name })) })],
  ['GET', '/collections/:name', (call) => describeCollection(catalog.get(collectionName(call)))],
  ['GET', '/collections/:name/exists', (call) => ({ exists: catalog.has(collectionName(call)) })],
  [
    'PUT',
    '/collections/:name',
    async (call) => {
      await catalog.create(collectionName(call, true), readCollectionConfig(call.body ?? {}));
      return true;
    },
  ],
  [
    'PATCH',
    '/collections/:name',
    async (call) => {
      const body = call.body ?? {};
      await catalog.update(collectionName(call), (config) => mergeCollectionUpdate(config, body));
      return true;
    },
  ],
  ['DELETE', '/collections/:name', (call) => catalog.delete(collectionName(call))],
  ['PUT', '/collections/:name/index', (call) => createIndex(catalog, call)],
  ['DELETE', '/collections/:name/index/:field', (call) => deleteIndex(catalog, call)],
];
