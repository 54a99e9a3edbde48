import type { Catalog } from '../../catalog.ts';
import {
  clearPayloadChange,
  deletePayloadChange,
  overwritePayloadChange,
  setPayloadChange,
} from '../../collection/mutate.ts';
import { parsePath } from '../../payload/json-path.ts';
import { readPayload } from '../../request/payload.ts';
import { optional, readArray, readObject, readString } from '../../request/read.ts';
import { readSelector } from '../../request/selector.ts';
import type { Route } from '../router.ts';
import { update } from './points.ts';

const PATH = '/collections/:name/points/payload';

export const payloadRoutes = (catalog: Catalog): Route[] => [
  [
    'POST',
    PATH,
    (call) =>
      update(catalog, call, (collection, body) => {
        const fields = readObject(body, 'body');
        const path = optional(fields['key'], 'key', (key, field) => parsePath(readString(key, field)));
        return setPayloadChange(
          collection,
          readSelector(fields),
          readPayload(fields['payload'], 'payload'),
          path,
        );
      }),
  ],
  [
    'PUT',
    PATH,
    (call) =>
      update(catalog, call, (collection, body) => {
        const fields = readObject(body, 'body');
        return overwritePayloadChange(
          collection,
          readSelector(fields),
          readPayload(fields['payload'], 'payload'),
        );
      }),
  ],
  [
    'POST',
    `${PATH}/delete`,
    (call) =>
      update(catalog, call, (collection, body) => {
        const fields = readObject(body, 'body');
        const paths = readArray(fields['keys'], 'keys').map((key) => parsePath(readString(key, 'keys')));
        return deletePayloadChange(collection, readSelector(fields), paths);
      }),
  ],
  [
    'POST',
    `${PATH}/clear`,
    (call) =>
      update(catalog, call, (collection, body) =>
        clearPayloadChange(collection, readSelector(readObject(body, 'body'))),
      ),
  ],
];
