import type { ZodType } from 'zod';
import { Permanent } from './errors.ts';
import { newId } from './ids.ts';

export type Schemas = Readonly<Record<string, ZodType>>;

/** What every event has once it is read. */
export type AnyEvent = {
  event: string;
  id: string;
  correlation_id: string;
  timestamp: string;
  batch_id?: string | undefined;
  [field: string]: unknown;
};

/** An event ready to be sent: its name, id and JSON. */
export type Sealed = { event: string; id: string; json: string };

export type SealOptions = {
  id?: string;
  outgoing?: Readonly<Record<string, unknown>> | undefined;
  consumer?: string | undefined;
};

/**
 * Completes an event and checks it against its schema.
 *
 * @param outgoing what it takes from the event that it follows from: correlation id, batch id, trace
 * @param consumer who emits it, by its name in the consumer group
 * @throws Permanent naming each field that is wrong
 */
export function seal(
  schemas: Schemas,
  event: string,
  fields: Readonly<Record<string, unknown>>,
  { id = newId(), outgoing, consumer }: SealOptions = {},
): Sealed {
  const own = { event, id, timestamp: instantNow(), consumer };
  // Whoever spreads an event into another must not give it the other's name, id and consumer.
  const whole = Object.assign({ event, id, correlation_id: id }, outgoing, fields, own);
  check(schemas, event, whole);
  return { event, id, json: JSON.stringify(whole) };
}

let lastMs = 0;
let lastInstant = '';

/** Now, ISO 8601. */
function instantNow(): string {
  const now = Date.now();
  if (now !== lastMs) [lastMs, lastInstant] = [now, new Date(now).toISOString()];
  return lastInstant;
}

/** @returns what the schema made of it. @throws Permanent where it does not fit, or there is no schema. */
export function check(schemas: Schemas, event: string, value: unknown): AnyEvent {
  const schema = schemas[event];
  if (!schema) throw new Permanent(`event "${event}" has no schema in packages/contracts`);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as AnyEvent;
  const wrong = parsed.error.issues.map((i) => `${i.path.join('.') || 'the event'}: ${i.message}`);
  throw new Permanent(`event "${event}" does not fit its schema: ${wrong.join('; ')}`);
}

/**
 * Reads the JSON object of a message.
 * @throws Permanent with the start of the text where it is not one
 */
export function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Permanent(`not JSON: ${excerpt(text)}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Permanent(`not a JSON object: ${excerpt(text)}`);
  }
  return value as Record<string, unknown>;
}

/** The start of a text, on one line. */
export function excerpt(text: string, length = 120): string {
  const line = JSON.stringify(text.length > length ? `${text.slice(0, length)}…` : text);
  return line;
}
