import { readFileSync } from 'node:fs';
import { connect, namesOf, type Redis } from '@afk/bus';
import { Cron } from 'croner';
import { parseGitConfig, type Section } from './gitconfig.ts';

/** A job of `scheduler-config.ini` that can be run here: a message on a channel. */
export type Job = { name: string; schedule: string; channel: string; message: string };

/**
 * Reads Ofelia's configuration as Ofelia does. Jobs are those that publish with redis-cli; others need
 * Docker.
 *
 * @returns the jobs, and a sentence for each that cannot be run here. A file that Ofelia could not read
 *   has no jobs here either, and one sentence that names the line
 */
export function readJobs(text: string): { jobs: Job[]; skipped: string[] } {
  let sections: Section[];
  try {
    sections = parseGitConfig(text);
  } catch (error) {
    return { jobs: [], skipped: [(error as Error).message] };
  }
  const jobs: Job[] = [];
  const skipped: string[] = [];
  for (const { kind, name, values } of sections) {
    if (!kind.startsWith('job-')) continue;
    const job = readJob(name, values);
    if (typeof job === 'string') skipped.push(`job "${name}" ${job}`);
    else jobs.push(job);
  }
  return { jobs, skipped };
}

/** @returns the job, or why there is none */
function readJob(name: string, { schedule, command }: Record<string, string>): Job | string {
  if (!schedule) return 'has no schedule';
  if (!command) return 'has no command';
  const published = readPublish(words(command));
  if (!published) return `needs Docker: ${command}`;
  if (published.channel.includes('$')) {
    return `publishes on ${published.channel}: a variable needs a shell, as in sh -c \`… \${ENV:+$ENV-}ofelia …\``;
  }
  if (!isJson(published.message)) {
    return `publishes ${published.message}, which is no JSON: in this file a quote is written \\"`;
  }
  const problem = scheduleProblem(schedule);
  return problem ? `has a schedule that cannot be read: ${problem}` : { name, schedule, ...published };
}

/**
 * `redis-cli [options] PUBLISH channel message`, by itself or as `sh -c '…'`. In a shell the channel may
 * begin with a variable, the prefix of ENV: it is left out, for here `namesOf` puts it on.
 */
function readPublish(argv: readonly string[]): { channel: string; message: string } | undefined {
  const [program, ...rest] = argv;
  if (program === 'sh' && rest[0] === '-c' && rest.length === 2) {
    const inner = readPublish(words(rest[1]!, 'sh'));
    return inner && { ...inner, channel: inner.channel.replace(/^\$\{[^}]*\}/, '') };
  }
  const verb = rest.findIndex((word) => /^publish$/i.test(word));
  if (program !== 'redis-cli' || verb < 0) return undefined;
  const [channel, message, ...more] = rest.slice(verb + 1);
  if (!channel || !message || more.length > 0) return undefined;
  return { channel, message };
}

/**
 * A command's words. Ofelia takes a backslash as an escape in '…' too, leaves `…` as it stands and keeps
 * quotes within a word; a shell does none of these.
 */
function words(command: string, by: 'ofelia' | 'sh' = 'ofelia'): string[] {
  const parts = command.matchAll(/'([^']*)'|`([^`]*)`|"((?:[^"\\]|\\.)*)"|((?:[^\s\\]|\\.)+)/g);
  const quotes = by === 'sh' ? /\\(.)|["']/g : /\\(.)/g;
  const plain = (text: string): string => text.replaceAll(quotes, (_, escaped?: string) => escaped ?? '');
  return [...parts].map(([, single, raw, double, bare]) => {
    if (single !== undefined) return by === 'sh' ? single : plain(single);
    return raw ?? double?.replaceAll(/\\(.)/g, '$1') ?? plain(bare ?? '');
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a schedule, if anything. */
function scheduleProblem(schedule: string): string | undefined {
  try {
    if (everySeconds(schedule) === undefined) new Cron(schedule, { paused: true, mode: 'auto' }).stop();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Node's timers count milliseconds in 31 bits; a longer one would go off at once. */
const MOST_SECONDS = 24 * 86_400;

const units: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** `@every 1h30m` in seconds; undefined for any other schedule. @throws RangeError naming it */
export function everySeconds(schedule: string): number | undefined {
  const every = /^@every\s+(.+)$/.exec(schedule)?.[1];
  if (!every) return undefined;
  const parts = [...every.matchAll(/(\d+)([smh])/g)];
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
  if (seconds === 0 || parts.map((p) => p[0]).join('') !== every)
    throw new RangeError(`schedule "${schedule}"`);
  if (seconds > MOST_SECONDS) throw new RangeError(`schedule "${schedule}": more than 24 days`);
  return seconds;
}

/** Follows `scheduler-config.ini` without Ofelia. @returns what stops it */
export async function startScheduler(options: {
  file: string;
  redisUrl: string;
  env: string;
  say: (line: string) => void;
}): Promise<() => Promise<void>> {
  const { jobs, skipped } = readJobs(readFileSync(options.file, 'utf8'));
  for (const line of skipped) options.say(`scheduler: ${line}`);
  const redis = await connect(options.redisUrl, 'command', 'scheduler');
  const names = namesOf(options.env);
  const stops = jobs.map((job) =>
    schedule(job, () => publish(redis, names.channel(job.channel), job, options.say)),
  );
  return async () => {
    for (const stop of stops) stop();
    redis.disconnect();
  };
}

function schedule(job: Job, run: () => void): () => void {
  const seconds = everySeconds(job.schedule);
  if (seconds !== undefined) {
    const timer = setInterval(run, seconds * 1000);
    return () => clearInterval(timer);
  }
  const cron = new Cron(job.schedule, { protect: true, mode: 'auto' }, run);
  return () => cron.stop();
}

function publish(redis: Redis, channel: string, job: Job, say: (line: string) => void): void {
  redis
    .publish(channel, job.message)
    .catch((error: Error) => say(`scheduler: job "${job.name}": ${error.message}`));
}
