import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { connect, namesOf, type Redis } from '@afk/bus';
import { words } from './command-line.ts';
import { parseGitConfig, type Section } from './gitconfig.ts';
import { follow, parseSchedule, type Schedule } from './schedule.ts';

/** A job of `scheduler-config.ini` that can be run here: a message on a channel. */
export type Job = { name: string; schedule: string; when: Schedule; channel: string; message: string };

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
  for (const section of sections.filter(({ kind }) => kind.startsWith('job-'))) {
    const job = readJob(section);
    if ('why' in job) skipped.push(`line ${job.line}: job "${section.name}" ${job.why}`);
    else jobs.push(job);
  }
  return { jobs, skipped };
}

/** @returns the job, or why there is none, and the line that says so */
function readJob({ name, line, lines, values }: Section): Job | { why: string; line: number } {
  const { schedule, command } = values;
  if (!schedule) return { line, why: 'has no schedule' };
  if (!command) return { line, why: 'has no command' };
  const published = readPublish(words(command));
  const problem = published ? problemOf(published) : `needs Docker: ${command}`;
  if (!published || problem) return { line: lines['command']!, why: problem! };
  try {
    return { name, schedule, when: parseSchedule(schedule), ...published };
  } catch (error) {
    return {
      line: lines['schedule']!,
      why: `has a schedule that cannot be read: ${(error as Error).message}`,
    };
  }
}

/** What keeps a message from being one, if anything. */
function problemOf({ channel, message }: { channel: string; message: string }): string | undefined {
  if (channel.includes('$')) {
    return `publishes on ${channel}: a variable needs a shell, as in sh -c \`… \${ENV:+$ENV-}ofelia …\``;
  }
  if (isJson(message)) return undefined;
  return `publishes ${message}, which is no JSON: in this file a quote is written \\"`;
}

/**
 * `redis-cli [options] PUBLISH channel message`, by itself or as `sh -c '…'`. In a shell the channel may
 * begin with a variable, the prefix of ENV: it is left out, for here `namesOf` puts it on; and the command with
 * settings, of the password: here the scheduler is let in already.
 */
function readPublish(argv: readonly string[]): { channel: string; message: string } | undefined {
  const [program, ...rest] = argv;
  if (program === 'sh' && rest[0] === '-c' && rest.length === 2) {
    const inner = readPublish(withoutSettings(words(rest[1]!, 'sh')));
    return inner && { ...inner, channel: inner.channel.replace(/^\$\{[^}]*\}/, '') };
  }
  const verb = rest.findIndex((word) => /^publish$/i.test(word));
  if (program !== 'redis-cli' || verb < 0) return undefined;
  const [channel, message, ...more] = rest.slice(verb + 1);
  if (!channel || !message || more.length > 0) return undefined;
  return { channel, message };
}

/** `NAME=value command …` of a shell, the command alone. */
function withoutSettings(argv: readonly string[]): string[] {
  return argv.slice(argv.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Follows `scheduler-config.ini` without Ofelia.
 *
 * @param say told at once of each job that cannot be run, with its line and the reason
 * @returns what stops it
 */
export async function startScheduler(options: {
  file: string;
  redisUrl: string;
  env: string;
  say: (line: string) => void;
}): Promise<() => Promise<void>> {
  const { jobs, skipped } = readJobs(readFileSync(options.file, 'utf8'));
  for (const line of skipped) options.say(`${basename(options.file)}, ${line}`);
  const redis = await connect(options.redisUrl, 'command', 'scheduler');
  const names = namesOf(options.env);
  const stops = jobs.map((job) =>
    follow(job.when, () => publish(redis, names.channel(job.channel), job, options.say)),
  );
  return async () => {
    for (const stop of stops) stop();
    redis.disconnect();
  };
}

function publish(redis: Redis, channel: string, job: Job, say: (line: string) => void): void {
  redis
    .publish(channel, job.message)
    .catch((error: Error) => say(`scheduler: job "${job.name}": ${error.message}`));
}
