import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, namesOf, type Redis } from '@afk/bus';
import { beginBatch, saveFlow } from '@afk/database';
import { freshDatabase, testEnv, testRedisUrl, type TestDatabase } from '@afk/local/testing';
import { createProgram } from '../program.ts';
import { root } from '../settings.ts';

/** The command line as a person uses it, against a real Redis and PostgreSQL. */
describe('afk', async () => {
  let db: TestDatabase;
  let redis: Redis;
  let env: Record<string, string>;
  const ENV = testEnv();
  const names = namesOf(ENV, ['ofelia', 'extractor']);
  const dir = mkdtempSync(join(tmpdir(), 'afk-cli-'));

  before(async () => {
    db = await freshDatabase();
    const redisUrl = await testRedisUrl();
    redis = await connect(redisUrl, 'command', 'test');
    env = { ENV, REDIS_URL: redisUrl, DATABASE_URL: db.url, INIT_CWD: dir };
  });
  after(async () => {
    redis.disconnect();
    await db.drop();
    rmSync(dir, { recursive: true });
  });

  /** @returns what it printed */
  async function afk(...args: string[]): Promise<string> {
    let printed = '';
    const program = createProgram(env, (text) => (printed += text));
    program.exitOverride().configureOutput({ writeOut: (t) => (printed += t), writeErr: () => {} });
    for (const c of program.commands) c.exitOverride();
    await program.parseAsync(['node', 'afk', ...args]);
    return printed.trim();
  }

  test('trigger: a bare message on the channel of this ENV; without a listener it says so', async () => {
    await assert.rejects(afk('trigger'), new RegExp(`nobody listens on "${ENV}-ofelia"`));
    const subscriber = await connect(env['REDIS_URL']!, 'subscriber', 'test');
    const heard: Record<string, unknown>[] = [];
    subscriber.on('message', (_c: string, text: string) => heard.push(JSON.parse(text)));
    await subscriber.subscribe(names.channel('ofelia'));
    const answer = JSON.parse(await afk('--json', 'trigger', '--as-of', '2014-03-11T12:00:00+01:00'));
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    subscriber.disconnect();
    assert.equal(heard[0]!['event'], 'trigger-xml-headlines-extractor');
    assert.equal(heard[0]!['as_of'], '2014-03-11T11:00:00.000Z');
    assert.equal(heard[0]!['correlation_id'], answer.correlation_id);
    assert.equal('id' in heard[0]!, false, 'bare: whoever hears it adopts it');
    await assert.rejects(afk('trigger', '--as-of', 'noon'), /--as-of noon: not an ISO 8601 time/);
  });

  test('pipeline: check says that it is fine, or every fault; graph draws it', async () => {
    assert.match(await afk('pipeline', 'check'), /fine: 9 services/);
    assert.match(
      await afk('pipeline', 'graph'),
      /^flowchart LR[\s\S]*extractor -- xml_processing_complete --> classifier_bridge/,
    );
    const edges = JSON.parse(await afk('--json', 'pipeline', 'graph')) as { from: string }[];
    assert.ok(edges.some((e) => e.from === 'api'));
    const file = join(dir, 'bad.json');
    writeFileSync(file, '{"pipeline": {}}');
    env['PIPELINE_FILE'] = file;
    await assert.rejects(afk('pipeline', 'check'), /pipeline\.name[\s\S]*services/);
    env['PIPELINE_FILE'] = join(root, 'pipeline.json');
  });

  test('dlq: list, replay to the service, drop; unknown service and letter are named', async () => {
    assert.equal(await afk('dlq', 'list'), 'no dead letters');
    const bury = (reason: string): Promise<string | null> =>
      redis.xadd(
        names.dead('extractor'),
        '*',
        'payload',
        '{"event":"x"}',
        'reason',
        reason,
        'attempts',
        '5',
        'at',
        new Date().toISOString(),
      );
    const first = await bury('the disk is full');
    const second = await bury('still full');
    assert.match(await afk('dlq', 'list', 'extractor'), /the disk is full/);
    assert.equal(JSON.parse(await afk('--json', 'dlq', 'list')).length, 2);
    assert.equal(await afk('dlq', 'replay', 'extractor', first!), '1 replayed');
    assert.equal(await redis.xlen(names.inbox('extractor')), 1);
    await assert.rejects(afk('dlq', 'drop', 'extractor'), /give an id .* or --all/);
    await assert.rejects(afk('dlq', 'drop', 'extractor', '1-1'), /"extractor" has no dead letter 1-1/);
    assert.equal(await afk('dlq', 'drop', 'extractor', '--all'), '1 dropped');
    assert.equal(await redis.xlen(names.dead('extractor')), 0, `${second} is gone`);
    await assert.rejects(afk('dlq', 'list', 'nobody'), /no service "nobody": extractor, /);
  });

  test('flow show: a run by its batch or by its correlation id', async () => {
    const id = '11111111-1111-8111-8111-111111111111';
    await beginBatch(db.pool, { id, triggerId: 't', correlationId: 'c-1', asOf: new Date() });
    const row = (event: string, eventId: string, batchId: string | null, count?: number) => ({
      at: new Date(),
      channel: 'extractor',
      event,
      eventId,
      batchId,
      correlationId: 'c-1',
      payload: { event, count },
      raw: null,
    });
    await saveFlow(db.pool, [
      row('trigger-xml-headlines-extractor', 'e1', null),
      row('xml_processing_complete', 'e2', id, 412),
    ]);
    const byBatch = await afk('flow', 'show', id);
    assert.match(byBatch, /trigger-xml-headlines-extractor[\s\S]*xml_processing_complete\s+412\s+e2/);
    assert.equal(await afk('flow', 'show', 'c-1'), byBatch);
    await assert.rejects(afk('flow', 'show', 'nothing'), /the flow log has no event of "nothing"/);
  });

  test('feeds: import of a file beside the caller, twice, then list', async () => {
    writeFileSync(
      join(dir, 'my.opml'),
      '<opml version="2.0"><body><outline text="F"><outline text="One" xmlUrl="https://one.example/rss"/></outline></body></opml>',
    );
    assert.equal(await afk('feeds', 'import', 'my.opml'), '1 feeds, 1 of them new');
    assert.equal(await afk('feeds', 'import', 'my.opml'), '1 feeds, 0 of them new');
    assert.match(await afk('feeds', 'list'), /new +0 +One +https:\/\/one\.example\/rss/);
    writeFileSync(join(dir, 'bad.opml'), 'no xml');
    await assert.rejects(afk('feeds', 'import', 'bad.opml'), /bad\.opml: it is not OPML/);
    await assert.rejects(afk('feeds', 'import', 'absent.opml'), /absent\.opml/);
  });

  test('help names every command; an unknown one is an error', async () => {
    const help = createProgram(env, () => {}).helpInformation();
    for (const command of ['trigger', 'pipeline', 'flow', 'dlq', 'feeds', 'models', 'backup', 'restore'])
      assert.match(help, new RegExp(`\\b${command}\\b`));
    await assert.rejects(afk('frobnicate'), /unknown command|error/);
  });

  test('without a running AFK and without settings, it says what to do', async () => {
    const program = createProgram({ INIT_CWD: dir }, () => {});
    await assert.rejects(
      program.parseAsync(['node', 'afk', '--data', dir, 'feeds', 'list']),
      /no database: start AFK/,
    );
  });
});
