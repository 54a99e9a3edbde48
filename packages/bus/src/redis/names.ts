import { requestChannels, workChannels, type Pipeline } from '@afk/contracts';

/**
 * Where things are in Redis. One place for every key and channel.
 *
 * Channels (pub/sub) are plain, as people and other machines expect them: `extractor`, or
 * `staging-extractor` where `ENV=staging`. Keys carry one hash tag an environment, so that a whole
 * pipeline lies in one slot of a cluster and Lua may touch several of its keys at once.
 */
export type Names = ReturnType<typeof namesOf>;

/** Channel families besides those that the pipeline names; a name ending in ":" is a prefix. */
const families = ['config:', 'health:', 'dashboard:', 'ai:', 'update'];

/**
 * @param env the `ENV` setting; empty for none
 * @param known channels of the pipeline and of requests, without prefix
 * @throws RangeError where `env` cannot be part of a channel name
 */
export function namesOf(env: string, known: readonly string[] = []) {
  if (env !== '' && !/^[A-Za-z0-9_-]+$/.test(env)) {
    throw new RangeError(`ENV "${env}" may hold letters, digits, "-" and "_" only`);
  }
  const prefix = env === '' ? '' : `${env}-`;
  const tag = `{${prefix}afk}`;
  return {
    prefix,
    known,
    /** What to PSUBSCRIBE to in order to hear everything of this environment. */
    everything: prefix === '' ? '*' : `${escapePattern(prefix)}*`,
    channel: (name: string) => `${prefix}${name}`,
    stream: (name: string) => `${tag}:stream:${name}`,
    /** Entries meant for one service alone: replayed dead letters. */
    inbox: (service: string) => `${tag}:inbox:${service}`,
    retry: (service: string) => `${tag}:retry:${service}`,
    dead: (service: string) => `${tag}:dead:${service}`,
    /** What a service's group has finished on a stream: the mark, and two generations of ids above it. */
    finished: (service: string, stream: string): [string, string, string] => {
      const base = `${tag}:finished:${service}:${stream.slice(tag.length + 1)}`;
      return [base, `${base}:ids`, `${base}:earlier`];
    },
    /** The ids of events that an emitter emitted lately, in two generations. */
    seen: (emitter: string): [string, string] => [`${tag}:seen:${emitter}`, `${tag}:seen:${emitter}:earlier`],
    adopted: (hash: string) => `${tag}:adopted:${hash}`,
    /** The last messages of a broadcast channel, for who was away. */
    kept: (channel: string) => `${tag}:kept:${channel}`,
    tokens: (session: string) => `${tag}:tokens:${session}`,
    serving: (request: string) => `${tag}:serving:${request}`,
    response: (request: string, correlationId: string) => `${prefix}${request}:response:${correlationId}`,
    /**
     * The channel without its prefix, or undefined where it belongs to another environment. With no
     * ENV, `*` hears `staging-extractor` too: it ends in a channel that we know, so it is not ours.
     */
    own(channel: string): string | undefined {
      if (!channel.startsWith(prefix)) return undefined;
      const bare = channel.slice(prefix.length);
      const foreign = [...known, ...families].some((name) =>
        name.endsWith(':') ? bare.includes(`-${name}`) : foreignTo(name, bare),
      );
      return foreign && !known.includes(bare) ? undefined : bare;
    },
  };
}

/**
 * The names of a pipeline in an environment; its channels are all that somebody emits, listens or asks on.
 *
 * @throws RangeError where `env` cannot be part of a channel name
 */
export function pipelineNames(env: string, pipeline: Pipeline): Names {
  const emitters = [...Object.keys(pipeline.sources), ...Object.keys(pipeline.services)];
  return namesOf(env, [...new Set([...emitters, ...workChannels(pipeline), ...requestChannels(pipeline)])]);
}

function foreignTo(known: string, bare: string): boolean {
  return bare.endsWith(`-${known}`) || bare.includes(`-${known}:response:`);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[*?[\]\\]/g, (c) => `\\${c}`);
}
