import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { connect, namesOf } from '@afk/bus';
import { shippedExamples, shippedFingerprint, trainRow } from '@afk/classifier-bridge/training';
import {
  activateModel,
  activeVersion,
  modelOf,
  saveFeeds,
  saveHeadlines,
  saveModel,
  type NewModel,
} from '@afk/database';
import { freshDatabase, testEnv, testRedisUrl, until, type TestDatabase } from '@afk/local/testing';
import { createProgram } from '../program.ts';

describe('afk models', async () => {
  let db: TestDatabase;
  let env: Record<string, string>;
  const ENV = testEnv();
  const dir = mkdtempSync(join(tmpdir(), 'afk-cli-models-'));
  const example = (text: string, label: string) => ({ text, label, language: 'en' });
  let own: NewModel;
  let other: NewModel;

  before(async () => {
    db = await freshDatabase();
    env = { ENV, REDIS_URL: await testRedisUrl(), DATABASE_URL: db.url, INIT_CWD: dir };
    own = await trainRow({ examples: [example('cup', 'sport'), example('rain', 'weather')] });
    other = await trainRow({ examples: [example('cup', 'sport'), example('vote', 'politics')] });
  });
  after(async () => {
    await db.drop();
    rmSync(dir, { recursive: true });
  });
  beforeEach(async () => {
    await db.pool.query('truncate models, feeds cascade');
    await saveModel(db.pool, { ...own, shippedFrom: shippedFingerprint(shippedExamples()) });
    await saveModel(db.pool, { ...other, metrics: { ...other.metrics, accuracy: 0.75, ece: 0.0314 } });
    await activateModel(db.pool, own.version, { pinned: false });
  });

  /** @returns what it printed */
  async function afk(...args: string[]): Promise<string> {
    let printed = '';
    const program = createProgram(env, (text) => (printed += text));
    await program.parseAsync(['node', 'afk', 'models', ...args]);
    return printed.trim();
  }

  test('list and show: which is active, where each is from, and its figures or that it has none', async () => {
    const list = (await afk('list')).split('\n');
    assert.equal(list.length, 3);
    const line = (version: string): string => list.find((l) => l.startsWith(version))!;
    assert.match(line(own.version), /\sactive\s+shipped\s.*\s2\s+0\s+-\s+-\s+-\s/);
    assert.match(line(other.version), /\strained here\s.*\s2\s+0\s+0\.750\s+-\s+0\.031\s/);
    assert.match(await afk('show', other.version), /state +stored[\s\S]*accuracy +0\.750[\s\S]*politics +1/);
    assert.match(await afk('show', 'active'), new RegExp(own.version));
    await assert.rejects(afk('show', 'linear-x'), (error: Error) =>
      [/there is no model "linear-x"/, /linear-\w+, linear-\w+/].every((words) => words.test(error.message)),
    );
  });

  test('activate: it is, it stays, and those who run hear of it; "shipped" goes back', async () => {
    const subscriber = await connect(env['REDIS_URL']!, 'subscriber', 'test');
    const heard: Record<string, unknown>[] = [];
    subscriber.on('message', (_c: string, text: string) => heard.push(JSON.parse(text)));
    await subscriber.subscribe(namesOf(ENV).channel('config:changes'));
    assert.equal(await afk('activate', other.version), `${other.version} is active`);
    await until('the announcement', () => heard.length === 1);
    subscriber.disconnect();
    assert.deepEqual([heard[0]!['key'], heard[0]!['value']], ['classifier_model', other.version]);
    assert.equal((await modelOf(db.pool, other.version))!.pinned, true);
    await afk('activate', 'shipped');
    const row = (await modelOf(db.pool, own.version))!;
    assert.deepEqual([row.active, row.pinned], [true, false]);
  });

  test('activate without Redis: done, and it says when it will be noticed', async () => {
    const url = env['REDIS_URL']!;
    env['REDIS_URL'] = 'redis://127.0.0.1:1';
    const answer = await afk('activate', other.version).finally(() => (env['REDIS_URL'] = url));
    assert.match(answer, /is active \(Redis is away: those who run notice with the next event\)/);
    assert.equal(await activeVersion(db.pool), other.version);
  });

  test('activate refuses what is not there, and what cannot be read', async () => {
    await assert.rejects(afk('activate', 'linear-x'), /there is no model "linear-x"/);
    await db.pool.query(`update models set body = 'rubbish' where version = $1`, [other.version]);
    await assert.rejects(afk('activate', other.version), /the model linear-\w+ cannot be read/);
    assert.equal(await activeVersion(db.pool), own.version);
  });

  test('delete: not the active one', async () => {
    await assert.rejects(afk('delete', own.version), /is active: activate another before/);
    assert.equal(await afk('delete', other.version), `${other.version} is deleted`);
    await assert.rejects(afk('delete', other.version), /there is no model/);
  });

  test('train: on the seed, corrections and own headlines; stored beside the active one, and not active', async () => {
    await saveFeeds(db.pool, [{ url: 'https://a.example/', title: 'A', language: 'en' }], {
      source: 'opml',
      at: new Date(),
    });
    const feedId = (await db.pool.query<{ id: string }>('select id from feeds')).rows[0]!.id;
    const headlines = ['Ferry strike ends', 'Zebra escapes', 'Zebra escapes!'].map((title, n) => ({
      ...{
        id: `20000000-0000-4000-8000-00000000000${n}`,
        key: `k${n}`,
        title,
        url: `https://a.example/${n}`,
      },
      ...{ summary: '', publisher: 'A', language: 'en', publishedAt: new Date() },
    }));
    const batchId = '30000000-0000-4000-8000-000000000000';
    await saveHeadlines(db.pool, headlines, { feedId, batchId, seenAt: new Date(), demo: false });
    writeFileSync(join(dir, 'labels.tsv'), 'labour\tFerry strike ends\nweather\tIl va neiger demain\n');
    const args = ['train', '--no-measure', '--labels', 'labels.tsv'];
    assert.match(await afk(...args), /NEW +ACTIVE UNTIL NOW\n[\s\S]*not active: afk models activate /);
    const { rows } = await db.pool.query<{ version: string }>(
      'select version from models order by created_at desc limit 1',
    );
    const trained = (await modelOf(db.pool, rows[0]!.version))!;
    assert.deepEqual([trained.active, trained.shippedFrom], [false, null]);
    assert.equal(trained.examples, shippedExamples().length + 2);
    assert.equal(
      trained.metrics.unlabelled,
      1,
      'what has a label now is not unlabelled, and a title counts once',
    );
    await afk('activate', trained.version);
    assert.equal(await activeVersion(db.pool), trained.version);
  });

  test('train says what is wrong with its options', async () => {
    for (const sample of ['-1', '1.5', 'many', '', '50001']) {
      await assert.rejects(
        afk('train', '--sample', sample),
        new RegExp(`--sample ${sample}: not a whole number`),
      );
    }
    await assert.rejects(afk('train', '--labels', 'absent.tsv'), /ENOENT.*absent\.tsv/);
    writeFileSync(join(dir, 'bad.tsv'), 'sport\tCup\ngossip\tA star\n');
    await assert.rejects(
      afk('train', '--labels', 'bad.tsv'),
      /bad\.tsv:2: not "category<TAB>headline": gossip/,
    );
  });
});
