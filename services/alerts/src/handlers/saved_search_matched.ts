import { backoff, Permanent, RetryLater, type Context } from '@afk/bus';
import type { EventOf, RetryPolicy } from '@afk/contracts';
import { deliveryOf, headlinesById, noteDelivered, noteUndelivered, type Delivery } from '@afk/database';
import { signatureHeaders } from '@afk/saved-searches';
import { Gate } from '../webhook/gate.ts';
import type { Outcome } from '../webhook/outcome.ts';
import { payloadOf } from '../webhook/payload.ts';
import type { Sender } from '../webhook/send.ts';
import type { EvaluateDeps } from './index_complete.ts';

export type DeliverDeps = EvaluateDeps & {
  sender: Sender;
  /** The bus's own for this service: by it is told which attempt is the last. */
  retry: RetryPolicy;
  /** Where people find the page. */
  publicUrl: string;
};

type Told = EventOf<'saved_search_matched'> | EventOf<'saved_search_test'>;

/**
 * Tells a webhook what matched, or that it works. At least once: who dies between the answer and its note tells it
 * again, under the same id.
 */
export function deliver(deps: DeliverDeps) {
  const gate = new Gate();
  return async ({ match_id }: Told, ctx: Context): Promise<void> => {
    const delivery = await deliveryOf(deps.db, match_id);
    const body = delivery && (await bodyOf(deps, delivery, ctx));
    if (!delivery || body === undefined) return;
    const send = () => post(deps, delivery, body, ctx.signal);
    const outcome = await gate.pass(delivery.search.webhookUrl, ctx.signal, send);
    await note(deps, delivery, outcome, ctx);
  };
}

/** Undefined where there is nothing to tell (any more). */
async function bodyOf(
  { db, publicUrl }: DeliverDeps,
  delivery: Delivery,
  ctx: Context,
): Promise<string | undefined> {
  const { batchId, deliveredAt, search, headlines } = delivery;
  if (deliveredAt) return undefined;
  if (batchId === null) return payloadOf(delivery, [], publicUrl);
  const giveUp = async (why: string, error: string): Promise<undefined> => {
    ctx.log.info({ search: search.id, delivery: delivery.id }, `${why}: not delivered`);
    await noteUndelivered(db, delivery.id, { at: new Date(), error, final: true });
  };
  if (!search.active) {
    return giveUp('saved search is switched off', 'switched off before it arrived');
  }
  const known = await headlinesById(db, headlines);
  const told = headlines.flatMap((id) => known.get(id) ?? []);
  if (told.length > 0) return payloadOf(delivery, told, publicUrl);
  return giveUp('its headlines are gone', 'its headlines were deleted');
}

async function post(
  { sender }: DeliverDeps,
  { id, search }: Delivery,
  body: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const headers = signatureHeaders(search.secret, { id: `msg_${id}`, at: new Date(), body });
  return sender.post(search.webhookUrl, { headers, body, signal });
}

/** @throws Permanent, RetryLater or Error, by which the bus decides what becomes of it */
async function note(
  { db, retry }: DeliverDeps,
  { id, search }: Delivery,
  outcome: Outcome,
  ctx: Context,
): Promise<void> {
  const at = new Date();
  if (outcome.kind === 'delivered') return noteDelivered(db, id, at);
  const error = outcome.reason;
  const final = outcome.kind === 'refused' || ctx.attempt >= retry.attempts;
  await noteUndelivered(db, id, { at, error, final });
  const message = `webhook of "${search.name}" (${search.id}): ${error}`;
  if (outcome.kind === 'refused') throw new Permanent(message);
  if (outcome.afterMs === undefined) throw new Error(message);
  // What the receiver asks for, and no less than it would be without.
  throw new RetryLater(Math.max(outcome.afterMs, backoff(retry, ctx.attempt)), message);
}
