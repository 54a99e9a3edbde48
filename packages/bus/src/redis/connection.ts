import { Redis, type RedisOptions } from 'ioredis';

/**
 * - `command`: fails fast while Redis is away, so that a request path answers an error and not nothing.
 * - `blocking`: for XREADGROUP alone; waits for Redis as long as it takes. A blocked read that outlives
 *   its BLOCK is cut by the watchdog of `readNew` (on a half-dead socket it would hang for ever).
 * - `subscriber`: pub/sub; resubscribes by itself.
 */
export type Role = 'command' | 'blocking' | 'subscriber';

// With `maxRetriesPerRequest` of 1 or more and nothing resent, ioredis forgets what was in flight when a
// connection closes and the next attempt succeeds: these promises would never settle. 0 rejects them.
const roles: Record<Role, RedisOptions> = {
  command: { maxRetriesPerRequest: 0, enableOfflineQueue: false, autoResendUnfulfilledCommands: false },
  blocking: { maxRetriesPerRequest: null, enableOfflineQueue: true, autoResendUnfulfilledCommands: false },
  subscriber: { maxRetriesPerRequest: null, enableOfflineQueue: true, autoResubscribe: true },
};

/** Longest wait of a blocking read, ms. */
export const BLOCK_MS = 2000;

/**
 * Opens a connection and waits until Redis answers.
 *
 * @param url `redis[s]://[user:password@]host:port[/db]`
 * @param label appears in `CLIENT LIST`
 * @param onError told of every connection error; reconnecting goes on by itself
 */
export async function connect(
  url: string,
  role: Role,
  label: string,
  onError: (error: Error) => void = () => {},
): Promise<Redis> {
  const redis = new Redis(url, {
    ...roles[role],
    protocol: 2,
    lazyConnect: true,
    connectTimeout: 5000,
    disconnectTimeout: 500,
    connectionName: `afk:${label}:${role}`.replaceAll(/\s/g, '_'),
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
  });
  redis.on('error', onError);
  // Who is not let in is told why; what then rejects says only that the connection is closed.
  let refusal: Error | undefined;
  const onRefusal = (error: Error): void =>
    void (refusal ??= /^(WRONGPASS|NOAUTH)/.test(error.message) ? error : undefined);
  redis.on('error', onRefusal);
  expectGreeting(redis);
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    const { message } = refusal ?? (cause as Error);
    throw new Error(`cannot reach Redis at ${redact(url)}${as(url)}: ${message}`, { cause });
  } finally {
    redis.off('error', onRefusal);
  }
  if (role !== 'blocking') keepAlive(redis, PING_MS);
  return redis;
}

/** Whom a URL logs in, for a message; nothing where it names nobody. */
function as(url: string): string {
  const user = URL.parse(url)?.username;
  return user ? ` as ${user}` : '';
}

/** How long Redis may take until it is ready on a connection that stands, ms. */
const GREETING_MS = 5000;

/** Leaves a connection that is taken up and never answered: `connectTimeout` ends where TCP has connected. */
function expectGreeting(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined;
  const clear = (): void => clearTimeout(timer);
  redis.on('connect', () => {
    clear();
    timer = setTimeout(() => redis.disconnect(true), GREETING_MS);
  });
  redis.on('ready', clear).on('close', clear);
}

/** How often a connection is asked whether it still stands, and how long it may take to say so, ms. */
const PING_MS = 4000;

/** The same while a service stops, which has its own deadline. */
const STOPPING_PING_MS = 1500;

/** From now on, what is in flight fails soon where Redis does not answer: a stop must not wait for it. */
export function hurry(redis: Redis): void {
  keepAlive(redis, STOPPING_PING_MS);
}

/**
 * Notices a connection that stands on paper only: the other end, or the way to it, is gone without a
 * word, and TCP would wait for minutes. What is in flight fails then, and it is opened anew.
 *
 * @param everyMs how often it is asked, and how long it may take to answer
 */
function keepAlive(redis: Redis, everyMs: number): void {
  const timer = setInterval(() => {
    if (redis.status === 'end') return clearInterval(timer);
    if (redis.status !== 'ready') return;
    // Once more after it: a process that stood still itself sees the time pass before the answer.
    let watchdog = setTimeout(() => {
      watchdog = setTimeout(() => redis.disconnect(true), 250).unref();
    }, everyMs).unref();
    redis.ping().then(
      () => clearTimeout(watchdog),
      () => clearTimeout(watchdog),
    );
  }, everyMs).unref();
  redis.once('end', () => clearInterval(timer));
}

/** A URL fit for a log: without user and password. */
export function redact(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return '(not a URL)';
  }
}
