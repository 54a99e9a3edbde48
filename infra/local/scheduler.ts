import { readFileSync } from 'node:fs';
import { connect, namesOf, type Redis } from '@afk/bus';
import { Cron } from 'croner';
import { parse } from 'ini';

/** A job of `scheduler-config.ini` that can be run here: a message on a channel. */
export type Job = { name: string; schedule: string; channel: string; message: string };

/**
 * Reads Ofelia's configuration. Jobs are those that publish with redis-cli; others need Docker.
 *
 * @returns the jobs, and a sentence for each that cannot be run here
 */
export function readJobs(text: string): { jobs: Job[]; skipped: string[] } {
  const jobs: Job[] = [];
  const skipped: string[] = [];
  for (const [section, entry] of sections(parse(text))) {
    const { schedule, command } = entry;
    const name = /"([^"]+)"/.exec(section)?.[1] ?? section;
    const publish = /redis-cli\b.*?\bPUBLISH\s+(\S+)\s+'([^']*)'/i.exec(command ?? '');
    if (!schedule) skipped.push(`job "${name}" has no schedule`);
    else if (!publish) skipped.push(`job "${name}" needs Docker: ${command ?? 'it has no command'}`);
    else
      jobs.push({
        name,
        schedule,
        channel: publish[1]!.replace(/^\$\{?ENV_PREFIX\}?/, ''),
        message: publish[2]!,
      });
  }
  return { jobs, skipped };
}

type Entry = { schedule?: string; command?: string };

/** `ini` nests a section's name at its dots: brought back to one level. */
function sections(tree: Record<string, unknown>, path = ''): [string, Entry][] {
  return Object.entries(tree).flatMap(([key, value]): [string, Entry][] => {
    if (typeof value !== 'object' || value === null) return [];
    const name = path ? `${path}.${key}` : key;
    if (!name.startsWith('job-')) return [];
    return 'schedule' in value || 'command' in value
      ? [[name, value as Entry]]
      : sections(value as Record<string, unknown>, name);
  });
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** `@every 1h30m` in seconds; undefined for any other schedule. @throws RangeError naming it */
export function everySeconds(schedule: string): number | undefined {
  const every = /^@every\s+(.+)$/.exec(schedule)?.[1];
  if (!every) return undefined;
  const parts = [...every.matchAll(/(\d+)([smh])/g)];
  const seconds = parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
  if (seconds === 0 || parts.map((p) => p[0]).join('') !== every)
    throw new RangeError(`schedule "${schedule}"`);
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
  const stops = jobs.flatMap((job) => {
    try {
      return [schedule(job, () => publish(redis, names.channel(job.channel), job, options.say))];
    } catch (error) {
      options.say(`scheduler: job "${job.name}" cannot be scheduled: ${(error as Error).message}`);
      return [];
    }
  });
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
