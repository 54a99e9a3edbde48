import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connect, namesOf } from '@afk/bus';
import { assertPipeline, parsePipeline } from '@afk/contracts';
import { parseGitConfig } from './gitconfig.ts';
import { root } from './options.ts';
import { readJobs, startScheduler } from './scheduler.ts';
import { parseSchedule } from './schedule.ts';
import { testEnv, testRedisUrl, until } from './testing/index.ts';

const job = (command: string, schedule = '@daily'): string =>
  `[job-exec "a.b"]\nschedule = ${schedule}\ncontainer = afk-redis\ncommand = ${command}\n`;
const trigger = '{"event":"trigger-xml-headlines-extractor"}';

type Sent = { event: string };

describe('scheduler-config.ini', () => {
  const text = readFileSync(join(root, 'scheduler-config.ini'), 'utf8');
  const { jobs, skipped } = readJobs(text);

  it('has jobs, and all of them run without Docker', () => {
    assert.deepEqual(skipped, []);
    const runs = jobs.filter((j) => j.message === trigger);
    assert.deepEqual(
      runs.map(({ name, schedule }) => [name, schedule]),
      [
        ['pipeline-week', '0 */15 6-22 * * 1-5'],
        ['pipeline-night', '0 0 0-5,23 * * 1-5'],
        ['pipeline-weekend', '0 */30 * * * 0,6'],
      ],
    );
  });

  it('publishes all that the pipeline hears of the clock, and nothing else', () => {
    const { sources } = assertPipeline(parsePipeline(readFileSync(join(root, 'pipeline.json'), 'utf8')));
    const published = jobs.map(({ channel, message }) => `${channel} ${(JSON.parse(message) as Sent).event}`);
    const heard = Object.entries(sources).flatMap(([channel, { events }]) =>
      events.map((event) => `${channel} ${event}`),
    );
    assert.deepEqual([...new Set(published)].toSorted(), heard.toSorted());
  });

  it('runs in the container that compose.yml names', () => {
    const containers = parseGitConfig(text).map(({ values }) => values['container']);
    const compose = readFileSync(join(root, 'compose.yml'), 'utf8');
    for (const name of containers) assert.match(compose, new RegExp(`container_name: ${name}\n`));
  });
});

describe('readJobs', () => {
  const quoted = trigger.replaceAll('"', '\\"');
  const when = parseSchedule('@daily');
  const ofelia = { name: 'a.b', schedule: '@daily', when, channel: 'ofelia', message: trigger };
  const commands = [
    `redis-cli PUBLISH ofelia '${quoted}'`,
    `redis-cli publish ofelia ${quoted}`,
    `redis-cli -h redis -p 6379 PUBLISH ofelia '${quoted}' ; a comment`,
    `sh -c \`redis-cli PUBLISH \${ENV_PREFIX}ofelia '${quoted}'\``,
    `sh -c \`redis-cli PUBLISH \${ENV:+$ENV-}ofelia '${quoted}'\``,
    `sh -c \`REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -e --user scheduler PUBLISH \${ENV:+$ENV-}ofelia '${quoted}'\``,
    `sh -c \`A=1 B='2' redis-cli PUBLISH ofelia '${quoted}'\``,
    `sh -c \`redis-cli PUBLISH \\"\${ENV:+$ENV-}ofelia\\" '${quoted}'\``,
  ];
  for (const command of commands) {
    it(`reads ${command}`, () => {
      assert.deepEqual(readJobs(job(command)), { jobs: [ofelia], skipped: [] });
    });
  }

  it('takes @every, @daily and six fields', () => {
    const schedules = ['@every 1h30m', '@daily', '0 */15 6-22 * * 1-5'];
    const text = schedules.map((s, i) => job(commands[0]!, s).replace('a.b', `job ${i}`)).join('\n');
    const { jobs } = readJobs(text);
    assert.deepEqual(
      jobs.map((j) => j.schedule),
      schedules,
    );
  });

  const unfit: [string, string, RegExp][] = [
    ['needs Docker', job('pg_dump afk'), /^line 4: job "a\.b" needs Docker: pg_dump afk$/],
    ['does more than publish', job(`sh -c \`redis-cli PING && date\``), /^line 4: job "a\.b" needs Docker/],
    ['is no publish', job('redis-cli CONFIG REWRITE'), /needs Docker/],
    ['lost its quotes to the file', job(`redis-cli PUBLISH ofelia '${trigger}'`), /no JSON.*written \\"/],
    ['lost its quotes to the shell', job(`sh -c \`redis-cli PUBLISH ofelia ${quoted}\``), /no JSON/],
    [
      'has a variable and no shell',
      job(`redis-cli PUBLISH \${P}ofelia '${quoted}'`),
      /a variable needs a shell/,
    ],
    ['has no schedule', '[job-exec "a.b"]\ncommand = date', /^line 1: job "a\.b" has no schedule$/],
    ['has no command', '[job-exec "a.b"]\nschedule = @daily', /^line 1: job "a\.b" has no command$/],
    [
      'has a word for a schedule',
      job(commands[0]!, 'sometimes'),
      /^line 2: job "a\.b" has a schedule that cannot be read: "sometimes" has not six fields$/,
    ],
    [
      'has a day that Ofelia has not',
      job(commands[0]!, '0 0 0 * * 7'),
      /^line 2: .*day of week "7" is not within 0 to 6$/,
    ],
    ['has an odd interval', job(commands[0]!, '@every soon'), /"@every soon" is no duration/],
    ['sets a variable and does nothing', job('sh -c `A=1`'), /needs Docker/],
  ];
  for (const [what, text, sentence] of unfit) {
    it(`names a job that ${what}`, () => {
      const { jobs, skipped } = readJobs(`${text}\n${job(commands[0]!).replace('a.b', 'good')}`);
      assert.deepEqual(
        jobs.map((j) => j.name),
        ['good'],
      );
      assert.equal(skipped.length, 1);
      assert.match(skipped[0]!, sentence);
    });
  }

  it('names the line of a file that Ofelia could not read', () => {
    assert.deepEqual(readJobs('[job-exec "a"]\ncommand = "open').jobs, []);
    assert.match(readJobs('[job-exec "a"]\ncommand = "open').skipped[0]!, /^line 2: /);
    assert.match(readJobs('[job-exec "a"]\ncommand = C:\\dir').skipped[0]!, /^line 2: \\d is no escape/);
    assert.match(readJobs('nothing').skipped[0]!, /^line 1: /);
  });

  const given = `[job-exec "a.b"]\nschedule = @daily\ncommand = ${commands[0]}\n`;

  it('passes over what is only for Ofelia', () => {
    const more =
      'no-overlap\nno-overlap = true\nsave-folder = /tmp ; kept\nsmtp-host = "a # b"\nuser = redis\n';
    assert.deepEqual(readJobs(given + more), { jobs: [ofelia], skipped: [] });
  });

  it('takes two sections of one name for one, of a setting the last', () => {
    const text = `[job-exec "a.b"]\nschedule = @hourly\n[job-exec "other"]\n${given.slice(given.indexOf('\n') + 1)}`;
    const { jobs, skipped } = readJobs(
      `${text}[Job-Exec "a.b"] ; again\nCommand = ${commands[0]}\nSchedule = @daily`,
    );
    assert.deepEqual(skipped, []);
    assert.deepEqual(jobs, [ofelia, { ...ofelia, name: 'other' }]);
  });

  it('refuses the escapes that Ofelia refuses, by their line', () => {
    for (const bad of ['C:\\\\dir', 'a\\nb', 'a\\', '"a\\x"', '"open']) {
      const { jobs, skipped } = readJobs(`${given}user = ${bad}`);
      assert.deepEqual([jobs.length, skipped.length], [0, 1], bad);
      assert.match(skipped[0]!, /^line 4: /, bad);
    }
    assert.deepEqual(readJobs(`${given}user = "a\\nb\\\\c" \\"d`).jobs.length, 1);
  });

  it('leaves sections that are no jobs alone', () => {
    assert.deepEqual(readJobs('[global]\nsave-folder = /var/log'), { jobs: [], skipped: [] });
  });
});

it('publishes each job on the channel of its environment until it is stopped, and names those it cannot run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'afk-scheduler-'));
  const file = join(dir, 'jobs.ini');
  const publish = (event: string): string =>
    `sh -c \`redis-cli --user scheduler PUBLISH \${ENV:+$ENV-}ofelia '{\\"event\\":\\"${event}\\"}'\``;
  const jobs = [
    job(publish('by-fields'), '* * * * * *').replace('a.b', 'fields'),
    job(publish('by-interval'), '@every 1s').replace('a.b', 'interval'),
    job(publish('never'), '0 0 0 31 2 *').replace('a.b', 'never'),
  ];
  writeFileSync(file, jobs.join('\n'));
  const [redisUrl, env, said] = [await testRedisUrl(), testEnv(), [] as string[]];
  const subscriber = await connect(redisUrl, 'subscriber', 'test');
  const heard: string[] = [];
  subscriber.on('message', (_channel: string, text: string) => heard.push((JSON.parse(text) as Sent).event));
  await subscriber.subscribe(namesOf(env).channel('ofelia'));
  try {
    const stop = await startScheduler({ file, redisUrl, env, say: (line) => said.push(line) });
    assert.deepEqual(said, [
      'jobs.ini, line 12: job "never" has a schedule that cannot be read: "0 0 0 31 2 *" never comes',
    ]);
    await until('both, twice', () =>
      ['by-fields', 'by-interval'].every((event) => heard.filter((e) => e === event).length >= 2),
    );
    await stop();
    const before = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 1300));
    assert.equal(heard.length, before);
    assert.equal(heard.includes('never'), false);
  } finally {
    subscriber.disconnect();
    rmSync(dir, { recursive: true });
  }
});
