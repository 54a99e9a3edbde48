import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { defineService, type Service } from '@afk/bus';
import { noteDelivered, noteUndelivered } from '@afk/database';
import { freshDatabase, recorder, testEnv, testRedisUrl, type TestDatabase } from '@afk/local/testing';
import { readPipeline } from '@afk/runtime';
import { createProgram } from '../program.ts';
import { readSettings } from '../settings.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const HOOK = 'https://lamp.example/hook';

describe('afk searches', async () => {
  let db: TestDatabase;
  let env: Record<string, string>;
  let alerts: Service;
  /** What the webhook says to a test; undefined: it takes it. */
  let refusal: string | undefined;

  before(async () => {
    db = await freshDatabase();
    env = { ENV: testEnv(), REDIS_URL: await testRedisUrl(), DATABASE_URL: db.url };
    alerts = await startAlerts();
  });
  after(async () => {
    await alerts.close();
    await db.drop();
  });
  beforeEach(() => db.pool.query('truncate saved_searches cascade'));

  /** The other end of a test: notes what the webhook said, as the alerts service does. */
  async function startAlerts(): Promise<Service> {
    const pipeline = readPipeline(readSettings(env).pipelineFile);
    const [redisUrl, log] = [env['REDIS_URL']!, recorder()];
    const service = defineService('alerts', { pipeline, redisUrl, env: env['ENV']!, log });
    service.on('index_complete', () => {});
    service.on('saved_search_matched', () => {});
    service.on('saved_search_test', async ({ match_id }) => {
      const at = new Date();
      if (refusal === undefined) await noteDelivered(db.pool, match_id, at);
      else await noteUndelivered(db.pool, match_id, { at, error: refusal, final: true });
    });
    await service.start();
    return service;
  }

  /** @returns what it printed */
  async function afk(...args: string[]): Promise<string> {
    let printed = '';
    const program = createProgram(env, (text) => (printed += text));
    program.exitOverride().configureOutput({ writeErr: () => {} });
    for (const c of program.commands) {
      c.exitOverride().configureOutput({ writeErr: () => {} });
      for (const inner of c.commands) inner.exitOverride().configureOutput({ writeErr: () => {} });
    }
    await program.parseAsync(['node', 'afk', ...args]);
    return printed.trim();
  }
  const add = (...more: string[]): Promise<string> =>
    afk('searches', 'add', '--name', 'Rain', '--webhook', HOOK, ...more);
  const idOf = (printed: string): string => /saved as (\S+)/.exec(printed)![1]!;

  test('add, list, remove', async () => {
    assert.equal(await afk('searches', 'list'), 'no saved searches');
    const printed = await add(
      'rain -cup',
      '--category',
      'weather',
      '--language',
      'en',
      '--publisher',
      'The Lamp',
    );
    assert.match(
      printed,
      /^saved as [\da-f-]{36}\nits deliveries are signed with whsec_\S{44} \(shown here only\)$/,
    );
    const secret = /whsec_\S+/.exec(printed)![0];
    await db.pool.query(`update saved_searches set last_error = 'it answered 500', last_error_at = now()`);
    const list = await afk('searches', 'list');
    assert.match(
      list,
      /Rain +active +rain -cup · weather · en · The Lamp +- +https:\/\/lamp.example\/hook +it answered 500/,
    );
    assert.equal(list.includes(secret), false);
    const id = idOf(printed);
    assert.deepEqual(
      JSON.parse(await afk('--json', 'searches', 'list')).map((s: { id: string }) => s.id),
      [id],
    );
    assert.equal(await afk('searches', 'remove', id), `${id} is removed`);
    await assert.rejects(afk('searches', 'remove', id), new RegExp(`there is no saved search ${id}`));
  });

  test('add says everything that is wrong, by field', async () => {
    await assert.rejects(add('--', '-cup'), /^Error: query: needs a word/);
    await assert.rejects(add('rain after:soon'), /query: "after:soon" is no day/);
    await assert.rejects(
      add('rain', '--category', 'gossip', '--language', 'English'),
      /category: .*\nlanguage: /,
    );
    await assert.rejects(
      afk('searches', 'add', 'rain', '--name', ' ', '--webhook', HOOK),
      /name: must not be empty/,
    );
    const local = ['searches', 'add', 'rain', '--name', 'Rain', '--webhook', 'http://127.0.0.1:5678/hook'];
    await assert.rejects(afk(...local), /webhook_url: .*AFK_ALLOW_PRIVATE_WEBHOOKS=1 allows it/);
    await assert.rejects(afk('searches', 'add', 'rain', '--name', 'Rain'), /--webhook/);
    env['AFK_ALLOW_PRIVATE_WEBHOOKS'] = '1';
    assert.match(await afk(...local), /saved as/);
    delete env['AFK_ALLOW_PRIVATE_WEBHOOKS'];
  });

  test('test: it arrived, or why not', async () => {
    const id = idOf(await add('rain'));
    assert.match(await afk('searches', 'test', id), /^msg_[\da-f-]{36} has arrived$/);
    refusal = 'it answered 404';
    await assert.rejects(afk('searches', 'test', id), /msg_\S+ has not arrived: it answered 404/);
    refusal = undefined;
    for (const none of [NOBODY, 'seven']) {
      await assert.rejects(afk('searches', 'test', none), new RegExp(`there is no saved search ${none}`));
    }
  });
});
