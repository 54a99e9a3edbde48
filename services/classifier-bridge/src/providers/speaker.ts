import type { Input } from '@afk/classifier';
import type { Logger } from '@afk/bus';
import { linearOpinions, type Opinion } from '../domain/opinion.ts';
import type { CurrentModel } from '../models/source.ts';
import type { Outcomes } from './outcomes.ts';
import { ProviderError, type Provider } from './provider.ts';

export type Kind = 'linear' | Provider['kind'];
/** What was said of a text, by which model. */
export type Said = { by: Kind; model: string; opinion: Opinion };

/** Who classifies during one event. */
export type Speaker = {
  readonly kind: Kind;
  /** Which model is meant to speak: what it has said is not asked again. */
  readonly name: string;
  /** Texts to be given at a time, so that little is lost when the service is killed. */
  readonly page: number;
  /** How many texts that have an older category are worth asking about in one event. */
  readonly again: number;
  /** The model on the network has failed too often, and is left alone until the next event. */
  readonly down: boolean;
  say(texts: readonly Input[]): Promise<Said[]>;
};

type Deps = {
  linear: CurrentModel;
  provider?: Provider | undefined;
  outcomes: Outcomes;
  log: Logger;
  signal: AbortSignal;
};

const PAGE = 2000;
/** A change of provider asks again about a week of headlines: not all within one run, which waits for it. */
const AGAIN = 2000;
/** Requests that fail one after the other, each after its own attempts, until the provider counts as down. */
const MOST_FAILURES = 3;

/**
 * @returns who speaks: the provider where there is one, and it says its name; else the linear model
 */
export async function openSpeaker(deps: Deps): Promise<Speaker> {
  const { linear, provider, outcomes, log, signal } = deps;
  if (!provider) return linearSpeaker(deps, false);
  try {
    return providerSpeaker(deps, provider, await provider.name(signal));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    outcomes.failed(provider.kind, 0, error.message);
    const about = { provider: provider.kind, model: linear.name, error: error.message };
    log.warn(about, 'the provider is away: the linear model stands in for this event');
    return linearSpeaker(deps, true);
  }
}

function linearSpeaker({ linear, outcomes }: Deps, down: boolean): Speaker {
  const say = async (texts: readonly Input[]): Promise<Said[]> => {
    outcomes.spoke('linear', down ? 'fallback' : 'ok', texts.length);
    return byLinear(linear, texts);
  };
  return { kind: 'linear', name: linear.name, page: PAGE, again: Infinity, down, say };
}

function byLinear({ name, model }: CurrentModel, texts: readonly Input[]): Said[] {
  return linearOpinions(model, texts).map((opinion) => ({ by: 'linear', model: name, opinion }));
}

function providerSpeaker(deps: Deps, provider: Provider, name: string): Speaker {
  const { linear, outcomes, log, signal } = deps;
  let failures = 0;
  const down = (): boolean => failures >= MOST_FAILURES;

  function standIn(texts: readonly Input[]): Said[] {
    outcomes.spoke('linear', 'fallback', texts.length);
    return byLinear(linear, texts);
  }

  async function ask(texts: readonly Input[], either: AbortSignal): Promise<Said[]> {
    if (down()) return standIn(texts);
    try {
      const { model, opinions } = await provider.classify(texts, either);
      failures = 0;
      outcomes.spoke(provider.kind, 'ok', texts.length);
      return opinions.map((opinion) => ({ by: provider.kind, model, opinion }));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      failures++;
      outcomes.failed(provider.kind, texts.length, error.message);
      const about = { provider: provider.kind, model: linear.name, error: error.message };
      log.warn({ ...about, headlines: texts.length }, 'the provider failed: the linear model stands in');
      if (failures === MOST_FAILURES) log.error(about, 'the provider is left alone until the next event');
      return standIn(texts);
    }
  }

  return {
    kind: provider.kind,
    name,
    page: provider.batch * provider.concurrency * 4,
    again: AGAIN,
    get down() {
      return down();
    },
    say: (texts) =>
      onceEach(texts, (distinct) => inBatches(distinct, provider, (some, s) => ask(some, s), signal)),
  };
}

/** Asks once about texts that are the same: an agency's headline comes from many publishers. */
async function onceEach(
  texts: readonly Input[],
  say: (distinct: Input[]) => Promise<Said[]>,
): Promise<Said[]> {
  const keys = texts.map(({ text, language }) => JSON.stringify([text, language]));
  const distinct = new Map(texts.map((t, i) => [keys[i]!, t]));
  const said = await say([...distinct.values()]);
  const byKey = new Map([...distinct.keys()].map((key, i) => [key, said[i]!]));
  return keys.map((key) => byKey.get(key)!);
}

/** So many requests at a time; where one of them throws, none goes on. */
async function inBatches(
  texts: readonly Input[],
  { batch, concurrency }: Provider,
  ask: (texts: readonly Input[], signal: AbortSignal) => Promise<Said[]>,
  signal: AbortSignal,
): Promise<Said[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const said: Said[][] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next * batch < texts.length) {
      const number = next++;
      said[number] = await ask(texts.slice(number * batch, (number + 1) * batch), either);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return said.flat();
}
