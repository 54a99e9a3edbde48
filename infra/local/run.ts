import { connect, newId, pipelineNames, type AnyEvent, type Names, type Redis } from '@afk/bus';
import type { Pipeline } from '@afk/contracts';

/** A stage that finished: an event of the run, and how long it took since the event before it. */
export type Stage = { service: string; event: string; seconds: number; fields: AnyEvent };

export type RunResult = {
  status: 'complete' | 'failed';
  stages: Stage[];
  failure?: { service: string; reason: string };
};

/** The event that ends a run. */
const LAST = 'site_built';
/** Events of a run that are no stage of it: there may be one for each saved search. */
const beside = ['saved_search_matched'];
const RUN_MS = 15 * 60_000;

/**
 * Starts a run as Ofelia or a person does, by a bare PUBLISH, and follows it by its correlation id.
 *
 * @param onStage told of each stage as it finishes
 */
export async function runOnce(options: {
  redisUrl: string;
  env: string;
  pipeline: Pipeline;
  asOf: string | undefined;
  onStage: (stage: Stage) => void;
  signal: AbortSignal;
}): Promise<RunResult> {
  const { redisUrl, env, asOf, onStage, signal } = options;
  const names = pipelineNames(env, options.pipeline);
  const correlationId = newId();
  const subscriber = await connect(redisUrl, 'subscriber', 'run');
  const command = await connect(redisUrl, 'command', 'run');
  try {
    const finished = follow(subscriber, names, correlationId, onStage, signal);
    // It may be rejected before it is awaited below.
    finished.catch(() => {});
    await subscriber.psubscribe(names.everything);
    await command.publish(
      names.channel('ofelia'),
      JSON.stringify({
        event: 'trigger-xml-headlines-extractor',
        correlation_id: correlationId,
        ...(asOf ? { as_of: asOf } : {}),
      }),
    );
    return await finished;
  } finally {
    subscriber.disconnect();
    command.disconnect();
  }
}

function follow(
  subscriber: Redis,
  names: Names,
  correlationId: string,
  onStage: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<RunResult> {
  const stages: Stage[] = [];
  let last = Date.now();
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () =>
        end({
          status: 'failed',
          stages,
          failure: { service: next(stages), reason: 'it did not finish in time' },
        }),
      RUN_MS,
    );
    const end = (result: RunResult): void => {
      clearTimeout(late);
      resolve(result);
    };
    const onAbort = (): void => {
      clearTimeout(late);
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    subscriber.on('pmessage', (_pattern: string, channel: string, text: string) => {
      const service = names.own(channel);
      const event = eventOf(text, correlationId);
      if (!service || !event || service === 'ofelia' || beside.includes(event.event)) return;
      if (event.event === `${service}_failed`) {
        end({ status: 'failed', stages, failure: { service, reason: String(event['reason']) } });
        return;
      }
      const now = Date.parse(event.timestamp);
      const stage = { service, event: event.event, seconds: Math.max(0, now - last) / 1000, fields: event };
      last = now;
      stages.push(stage);
      onStage(stage);
      if (event.event === LAST) end({ status: 'complete', stages });
    });
  });
}

function next(stages: readonly Stage[]): string {
  return stages.length === 0 ? 'extractor' : `the stage after ${stages.at(-1)!.event}`;
}

function eventOf(text: string, correlationId: string): AnyEvent | undefined {
  if (!text.includes(correlationId)) return undefined;
  try {
    const event = JSON.parse(text) as AnyEvent;
    return event.correlation_id === correlationId && event.id ? event : undefined;
  } catch {
    return undefined;
  }
}
