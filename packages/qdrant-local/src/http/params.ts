import { formatError, queryStringError, validationError } from '../errors.ts';
import { checkCollectionName } from '../request/collection-config.ts';

/** A request as the routes see it. */
export interface Call {
  params: Record<string, string>;
  query: Record<string, string>;
  /** The parsed JSON body, or undefined when there was none. */
  body: unknown;
}

/** The collection named in the path. */
export function collectionName({ params }: Call, creating = false): string {
  const name = params['name'] ?? '';
  checkCollectionName(name, creating);
  return name;
}

/** Whether the answer waits for the disk; the server's default is not to, but for snapshots. */
export function readWait({ query }: Pick<Call, 'query'>, fallback = false): boolean {
  const { wait } = query;
  if (wait === undefined) return fallback;
  if (wait === 'true' || wait === 'false') return wait === 'true';
  throw queryStringError('provided string was not `true` or `false`');
}

/** Refuses a wrong timeout; a right one changes nothing, since nothing here is asked of other nodes. */
export function checkTimeout({ query }: Call): void {
  const { timeout } = query;
  if (timeout === undefined) return;
  if (!/^\d+$/.test(timeout)) throw queryStringError('invalid digit found in string');
  if (Number(timeout) < 1) {
    throw validationError('query parameters', `timeout: value ${timeout} invalid, must be 1 or larger`);
  }
}

export function parseBody(text: string): unknown {
  if (text.length === 0) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw formatError((cause as Error).message);
  }
}
