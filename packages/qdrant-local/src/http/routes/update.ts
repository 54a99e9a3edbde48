import type { Catalog } from '../../catalog.ts';
import { formatError } from '../../errors.ts';
import { readArray, readObject } from '../../request/read.ts';
import { isOperation, OPERATIONS } from '../operations.ts';
import type { Operation } from '../operations.ts';
import { collectionName, readWait } from '../params.ts';
import type { Call } from '../params.ts';
import type { Route } from '../router.ts';
import { updateResult } from './update-result.ts';

const POINTS = '/collections/:name/points';

/** Makes the change that the operation reads from the call, and answers when it is as durable as was asked. */
async function update(catalog: Catalog, call: Call, operation: Operation): Promise<object> {
  const name = collectionName(call);
  const wait = readWait(call);
  const collection = catalog.get(name);
  const change = operation(collection, call.body);
  await catalog.write(name, change, wait);
  return updateResult(collection.version, wait);
}

/** Each step's operation and its body. */
function readSteps(body: unknown): [Operation, unknown][] {
  const steps = readArray(readObject(body, 'body')['operations'], 'operations');
  return steps.map((step, position) => {
    const [[name, fields] = ['', undefined], ...others] = Object.entries(
      readObject(step, `operations[${position}]`),
    );
    if (others.length > 0 || !isOperation(name)) {
      throw formatError(
        `operations[${position}]: data did not match any variant of untagged enum UpdateOperation`,
      );
    }
    return [OPERATIONS[name], fields];
  });
}

/**
 * Makes changes one after the other, each over the outcome of those before, with none of another request
 * between. As on the server, what came before a wrong one stays.
 */
async function updateBatch(catalog: Catalog, call: Call): Promise<object[]> {
  const name = collectionName(call);
  const wait = readWait(call);
  const collection = catalog.get(name);
  const steps = readSteps(call.body);
  const written: Promise<void>[] = [];
  const results: object[] = [];
  try {
    for (const [operation, body] of steps) {
      written.push(catalog.write(name, operation(collection, body), wait));
      results.push(updateResult(collection.version, wait));
    }
  } finally {
    await Promise.all(written);
  }
  return results;
}

export const updateRoutes = (catalog: Catalog): Route[] => {
  const route = (method: 'PUT' | 'POST', path: string, operation: Operation): Route => [
    method,
    POINTS + path,
    (call) => update(catalog, call, operation),
  ];
  return [
    route('PUT', '', OPERATIONS.upsert),
    route('POST', '/delete', OPERATIONS.delete),
    route('PUT', '/vectors', OPERATIONS.update_vectors),
    route('POST', '/vectors/delete', OPERATIONS.delete_vectors),
    route('POST', '/payload', OPERATIONS.set_payload),
    route('PUT', '/payload', OPERATIONS.overwrite_payload),
    route('POST', '/payload/delete', OPERATIONS.delete_payload),
    route('POST', '/payload/clear', OPERATIONS.clear_payload),
    ['POST', `${POINTS}/batch`, (call) => updateBatch(catalog, call)],
  ];
};
