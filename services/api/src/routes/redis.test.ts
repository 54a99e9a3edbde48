import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { connect } from '@afk/bus';
import { http } from '@afk/contracts';
import { checkAll } from '../checks.ts';
import { deadLettersOf } from '../redis.ts';
import { testApp } from '../testing/app.ts';
import { problemOf } from '../testing/problem.ts';
import { searching } from '../testing/searching.ts';

describe('the API of what lies in Redis', async () => {
  const { app, db, redisUrl, command, names, close } = await searching();
  after(close);

  test('dead letters: of all services, newest first, with how many there are', async () => {
    const put = (service: string, at: string) =>
      command.xadd(
        names.dead(service),
        '*',
        ...Object.entries({
          at,
          channel: names.stream('extractor'),
          event: 'xml_processing_complete',
          reason: 'no such table',
          attempts: '5',
          handler: 'classifier-bridge/xml_processing_complete',
          payload: '{"password":"x"}',
          stack: 'at secret.ts',
        }).flat(),
      );
    await put('extractor', '2026-01-31T09:00:00.000Z');
    await put('front', '2026-01-31T10:00:00.000Z');
    const response = await app.inject('/api/v1/dead-letters');
    assert.equal(response.statusCode, 200, response.body);
    const letters = http.deadLetterList.parse(response.json());
    assert.deepEqual(
      letters.items.map((l) => [l.service, l.channel, l.attempts]),
      [
        ['front', 'extractor', 5],
        ['extractor', 'extractor', 5],
      ],
    );
    assert.doesNotMatch(response.body, /password|secret/);
    const one = http.deadLetterList.parse((await app.inject('/api/v1/dead-letters?limit=1')).json());
    assert.deepEqual([one.total, one.items.length], [2, 1]);
  });

  test('health asks PostgreSQL and Redis; without Redis it is degraded, and so is what needs it', async () => {
    const well = await app.inject('/health');
    assert.equal(well.statusCode, 200, well.body);
    assert.deepEqual(http.health.parse(well.json()).checks, { postgres: { ok: true }, redis: { ok: true } });

    const lost = await connect(redisUrl, 'command', 'test');
    lost.disconnect();
    const without = testApp({
      db,
      deadLetters: deadLettersOf(lost, names, ['front']),
      checks: () => checkAll(db, lost),
    });
    const ill = await without.inject('/health');
    assert.equal(ill.statusCode, 503);
    assert.equal(http.health.parse(ill.json()).checks['redis']!.ok, false);
    problemOf(await without.inject('/api/v1/dead-letters'), 503);
    await without.close();
  });
});
