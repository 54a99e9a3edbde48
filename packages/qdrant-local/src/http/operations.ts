import type { Collection } from '../collection/collection.ts';
import {
  clearPayloadChange,
  deleteChange,
  deletePayloadChange,
  deleteVectorsChange,
  overwritePayloadChange,
  setPayloadChange,
  updateVectorsChange,
  upsertChange,
} from '../collection/mutate.ts';
import { parsePath } from '../payload/json-path.ts';
import { readPayload } from '../request/payload.ts';
import { readUpsert, readVectorNames, readVectorsUpdate } from '../request/points.ts';
import { optional, readArray, readObject, readString } from '../request/read.ts';
import { readSelector } from '../request/selector.ts';
import type { Change } from '../types.ts';

/** Reads one operation's body and plans its change; throws where it is wrong, having changed nothing. */
export type Operation = (collection: Collection, body: unknown) => Change;

/** The operations on points, by their names in a batch. Each also has a route of its own. */
export const OPERATIONS = {
  upsert: (collection, body) => upsertChange(collection, readUpsert(collection.config, body)),
  delete: (collection, body) => deleteChange(collection, readSelector(readObject(body, 'body'))),
  set_payload: (collection, body) => {
    const fields = readObject(body, 'body');
    const path = optional(fields['key'], 'key', (key, field) => parsePath(readString(key, field)));
    const payload = readPayload(fields['payload'], 'payload');
    return setPayloadChange(collection, readSelector(fields), payload, path);
  },
  overwrite_payload: (collection, body) => {
    const fields = readObject(body, 'body');
    const payload = readPayload(fields['payload'], 'payload');
    return overwritePayloadChange(collection, readSelector(fields), payload);
  },
  delete_payload: (collection, body) => {
    const fields = readObject(body, 'body');
    const paths = readArray(fields['keys'], 'keys').map((key) => parsePath(readString(key, 'keys')));
    return deletePayloadChange(collection, readSelector(fields), paths);
  },
  clear_payload: (collection, body) => clearPayloadChange(collection, readSelector(readObject(body, 'body'))),
  update_vectors: (collection, body) =>
    updateVectorsChange(collection, readVectorsUpdate(collection.config, body)),
  delete_vectors: (collection, body) => {
    const fields = readObject(body, 'body');
    const names = readVectorNames(collection.config, fields['vector']);
    return deleteVectorsChange(collection, readSelector(fields), names);
  },
} satisfies Record<string, Operation>;

export const isOperation = (name: string): name is keyof typeof OPERATIONS => Object.hasOwn(OPERATIONS, name);
