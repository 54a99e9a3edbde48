import { emit, newId, RedisEmitter, type Names, type Redis } from '@afk/bus';
import { events } from '@afk/contracts';
import { addTestDelivery, removeDelivery, type Queryable } from '@afk/database';

/** Tells the alerts service that a test is to be delivered. */
export type TestEmitter = (fields: { search_id: string; match_id: string }) => Promise<unknown>;

/** Emits as the API does, on its channel: also where the command line does it in its place. */
export function testEmitter(redis: Redis, names: Names): TestEmitter {
  const from = { transport: new RedisEmitter(redis, names), schemas: events, emitter: 'api' };
  return (fields) => emit(from, 'saved_search_test', fields);
}

/**
 * Has a test of a saved search delivered, through the bus as any other.
 *
 * @returns the delivery's id, undefined where there is no such search
 */
export async function requestTest(
  db: Queryable,
  emitTest: TestEmitter,
  searchId: string,
  at: Date,
): Promise<string | undefined> {
  const id = newId();
  if (!(await addTestDelivery(db, { id, searchId, at }))) return undefined;
  try {
    await emitTest({ search_id: searchId, match_id: id });
  } catch (error) {
    // It is said to have failed: then it must not be shown as waiting.
    await removeDelivery(db, id);
    throw error;
  }
  return `msg_${id}`;
}
