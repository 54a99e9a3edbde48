import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { check, excerpt, parseObject, type Schemas } from '../envelope.ts';
import { newId } from '../ids.ts';
import { requestEnvelope } from '../requests/ask.ts';
import type { Subscriptions } from '../live/subscriptions.ts';
import type { Logger } from '../service.ts';
import type { BareOptions } from '../transport.ts';
import { deadFields } from './dead-letters.ts';
import { adopt, reject } from './lua/emit.ts';
import type { Names } from './names.ts';
import { runScript } from './run.ts';
import { standstillMs, watchStandstill } from './standstill.ts';

/** How long the same bare message is taken for one and the same, ms. */
export const ADOPTION_WINDOW_MS = 2000;

/**
 * The window for a message heard now. A listener that stood still (a long computation, SIGSTOP) hears
 * late what others adopted long ago: it must look back over as long as it stood still.
 */
function windowMs(): number {
  return ADOPTION_WINDOW_MS + standstillMs();
}

type Deps = {
  redis: Redis;
  names: Names;
  schemas: Schemas;
  /** Whose dead letters an unreadable message joins. */
  service: string;
  log: Logger;
};

/**
 * Puts a bare message (one without `id`, as Ofelia, a person or another program publishes it) on the
 * stream of its channel, once over all who hear it: from then on it is as durable as any event.
 * What cannot be read becomes a dead letter, once, with a line in the log.
 *
 * @param channel without prefix
 * @param expected events that may come on this channel
 * @returns true where this listener was the one
 */
export async function adoptBare(
  deps: Deps,
  channel: string,
  text: string,
  expected: readonly string[],
): Promise<boolean> {
  const read = readBare(deps.schemas, channel, text, expected);
  if (read === 'adopted') return false;
  const key = deps.names.adopted(createHash('sha1').update(`${channel}\n${text}`).digest('hex'));
  if ('reason' in read) return rejectOnce(deps, key, channel, text, read.reason);
  return adoptOnce(deps, key, channel, read.json);
}

/** The event that a bare message is, complete; or why it is none. */
function readBare(
  schemas: Schemas,
  channel: string,
  text: string,
  expected: readonly string[],
): { json: string } | { reason: string } | 'adopted' {
  try {
    const raw = parseObject(text);
    if (typeof raw['id'] === 'string') return 'adopted';
    const name = String(raw['event'] ?? '');
    if (!expected.includes(name)) {
      return { reason: `"${name}" is no event of channel "${channel}" (${expected.join(', ')})` };
    }
    const id = newId();
    const event = { ...raw, id, correlation_id: raw['correlation_id'] ?? id, timestamp: timestampOf(raw) };
    check(schemas, name, event);
    return { json: JSON.stringify(event) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/** Longest part of an unreadable message that is kept, characters. */
const KEPT_LENGTH = 4096;

async function rejectOnce(
  { redis, names, service, log }: Deps,
  key: string,
  channel: string,
  text: string,
  reason: string,
): Promise<boolean> {
  const letter = deadFields({
    payload: text.slice(0, KEPT_LENGTH).toWellFormed(),
    channel,
    event: '',
    reason: reason.slice(0, KEPT_LENGTH),
    handler: '',
    attempts: 0,
    stack: '',
  });
  const first = await persist(() =>
    runScript(redis, reject, [key, names.dead(service)], [windowMs(), ...letter]),
  );
  if (first === 1) log.error({ channel, reason, message: excerpt(text) }, 'dead letter: unreadable message');
  return first === 1;
}

/** How long adoption is tried while Redis is away: the message is nowhere else. */
async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 6) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
    }
  }
}

async function adoptOnce(
  { redis, names }: Pick<Deps, 'redis' | 'names'>,
  key: string,
  channel: string,
  json: string,
): Promise<boolean> {
  const keys = [key, names.stream(channel)];
  const args = [windowMs(), json, names.channel(channel)];
  return (await persist(() => runScript(redis, adopt, keys, args))) === 1;
}

type ListenOptions = BareOptions & { redis: Redis; subscriptions: Subscriptions; names: Names };

/** Adopts what is published bare on a service's channels, and on those of the requests that it serves. */
export async function listenForBare(options: ListenOptions): Promise<() => Promise<void>> {
  const { subscriptions, log, events, requests } = options;
  const unwatch = watchStandstill();
  const stops: (() => void)[] = [];
  const listen = async (channel: string, adoptOne: (text: string) => Promise<unknown>): Promise<void> => {
    const onMessage = (text: string): void => {
      adoptOne(text).catch((error: Error) => log.warn({ channel, error: error.message }, 'adoption failed'));
    };
    stops.push(await subscriptions.listen(channel, { onMessage, onSubscribed() {} }));
  };
  for (const [channel, expected] of events) {
    const service = options.owners?.get(channel) ?? options.service;
    await listen(channel, (text) => adoptBare({ ...options, service }, channel, text, expected));
  }
  for (const request of requests) await listen(request, (text) => adoptRequest(options, request, text));
  return async () => {
    for (const stop of stops) stop();
    unwatch();
  };
}

/** A request that a foreign client publishes: served like any other, the reply on its response channel. */
async function adoptRequest(
  { redis, names, log }: ListenOptions,
  channel: string,
  text: string,
): Promise<void> {
  const raw = parseObject(text);
  if (typeof raw['id'] === 'string') return;
  const correlationId = raw['correlation_id'];
  if (typeof correlationId !== 'string' || correlationId === '') {
    log.warn(
      { channel, message: excerpt(text) },
      'request without a correlation_id: nobody could hear the reply',
    );
    return;
  }
  const key = names.adopted(createHash('sha1').update(`${channel}\n${text}`).digest('hex'));
  await adoptOnce({ redis, names }, key, channel, requestEnvelope(raw, correlationId));
  await redis.xtrim(names.stream(channel), 'MAXLEN', '~', 10_000);
}

function timestampOf(raw: Record<string, unknown>): string {
  const given = raw['timestamp'];
  return typeof given === 'string' && !Number.isNaN(Date.parse(given))
    ? new Date(given).toISOString()
    : new Date().toISOString();
}
