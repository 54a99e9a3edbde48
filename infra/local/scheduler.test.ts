import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertPipeline, parsePipeline } from '@afk/contracts';
import { parseGitConfig } from './gitconfig.ts';
import { root } from './options.ts';
import { everySeconds, readJobs } from './scheduler.ts';

const job = (command: string, schedule = '@daily'): string =>
  `[job-exec "a.b"]\nschedule = ${schedule}\ncontainer = afk-redis\ncommand = ${command}\n`;
const trigger = '{"event":"trigger-xml-headlines-extractor"}';

describe('scheduler-config.ini', () => {
  const text = readFileSync(join(root, 'scheduler-config.ini'), 'utf8');
  const { jobs, skipped } = readJobs(text);

  it('has jobs, and all of them run without Docker', () => {
    assert.deepEqual(skipped, []);
    assert.deepEqual(
      jobs.map(({ name, schedule }) => [name, schedule]),
      [
        ['pipeline-week', '0 */15 6-22 * * 1-5'],
        ['pipeline-night', '0 0 0-5,23 * * 1-5'],
        ['pipeline-weekend', '0 */30 * * * 0,6'],
      ],
    );
  });

  it('publishes what the pipeline knows', () => {
    const { sources } = assertPipeline(parsePipeline(readFileSync(join(root, 'pipeline.json'), 'utf8')));
    for (const { channel, message } of jobs) {
      const { event } = JSON.parse(message) as { event: string };
      assert.ok(sources?.[channel]?.events.includes(event), `${channel} ${event}`);
    }
  });

  it('runs in the container that compose.yml names', () => {
    const containers = parseGitConfig(text).map(({ values }) => values['container']);
    const compose = readFileSync(join(root, 'compose.yml'), 'utf8');
    for (const name of containers) assert.match(compose, new RegExp(`container_name: ${name}\n`));
  });
});

describe('readJobs', () => {
  const quoted = trigger.replaceAll('"', '\\"');
  const ofelia = { name: 'a.b', schedule: '@daily', channel: 'ofelia', message: trigger };
  const commands = [
    `redis-cli PUBLISH ofelia '${quoted}'`,
    `redis-cli publish ofelia ${quoted}`,
    `redis-cli -h redis -p 6379 PUBLISH ofelia '${quoted}' ; a comment`,
    `sh -c \`redis-cli PUBLISH \${ENV_PREFIX}ofelia '${quoted}'\``,
    `sh -c \`redis-cli PUBLISH \${ENV:+$ENV-}ofelia '${quoted}'\``,
    `sh -c \`redis-cli PUBLISH \\"\${ENV:+$ENV-}ofelia\\" '${quoted}'\``,
  ];
  for (const command of commands) {
    it(`reads ${command}`, () => {
      assert.deepEqual(readJobs(job(command)), { jobs: [ofelia], skipped: [] });
    });
  }

  it('takes @every, @daily and six fields', () => {
    const schedules = ['@every 1h30m', '@daily', '0 */15 6-22 * * 1-5'];
    const { jobs } = readJobs(schedules.map((s) => job(commands[0]!, s)).join('\n'));
    assert.deepEqual(
      jobs.map((j) => j.schedule),
      schedules,
    );
  });

  const unfit: [string, string, RegExp][] = [
    ['needs Docker', job('pg_dump afk'), /^job "a\.b" needs Docker: pg_dump afk$/],
    ['does more than publish', job(`sh -c \`redis-cli PING && date\``), /needs Docker/],
    ['is no publish', job('redis-cli CONFIG REWRITE'), /needs Docker/],
    ['lost its quotes to the file', job(`redis-cli PUBLISH ofelia '${trigger}'`), /no JSON.*written \\"/],
    ['lost its quotes to the shell', job(`sh -c \`redis-cli PUBLISH ofelia ${quoted}\``), /no JSON/],
    [
      'has a variable and no shell',
      job(`redis-cli PUBLISH \${P}ofelia '${quoted}'`),
      /a variable needs a shell/,
    ],
    ['has no schedule', '[job-exec "a.b"]\ncommand = date', /^job "a\.b" has no schedule$/],
    ['has no command', '[job-exec "a.b"]\nschedule = @daily', /^job "a\.b" has no command$/],
    ['has a word for a schedule', job(commands[0]!, 'sometimes'), /^job "a\.b" has a schedule/],
    ['has a field out of range', job(commands[0]!, '0 61 * * * *'), /^job "a\.b" has a schedule/],
    ['has an odd interval', job(commands[0]!, '@every soon'), /schedule "@every soon"/],
    ['has an interval beyond timers', job(commands[0]!, '@every 900h'), /more than 24 days/],
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

  it('leaves sections that are no jobs alone', () => {
    assert.deepEqual(readJobs('[global]\nsave-folder = /var/log'), { jobs: [], skipped: [] });
  });
});

it('everySeconds reads Go durations of h, m and s', () => {
  assert.equal(everySeconds('@every 1h30m'), 5400);
  assert.equal(everySeconds('@every 45s'), 45);
  assert.equal(everySeconds('@daily'), undefined);
});
