import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { busMetrics, createRegistry, polledGauges, type Sample } from './metrics.ts';

/** What a scrape reads, without the figures of the process. No two scrapes fall in one turn. */
async function linesOf(registry: ReturnType<typeof createRegistry>): Promise<string[]> {
  await nextTurn();
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith('afk_'));
}

describe('figures for Prometheus', () => {
  test('say which service they are of, and which environment where there is one', async () => {
    for (const [env, labels] of [
      ['', 'service="x"'],
      ['staging', 'service="x",env="staging"'],
    ] as const) {
      const registry = createRegistry('x', env);
      busMetrics(registry).dead('e');
      assert.ok((await linesOf(registry)).includes(`afk_events_dead_total{event="e",${labels}} 1`));
    }
  });

  test('are asked for once a scrape, and have no value where there is no answer', async () => {
    const registry = createRegistry('x');
    let asked = 0;
    let answer: () => Promise<Sample<'afk_one' | 'afk_many'>[]> = async () => [
      { name: 'afk_one', value: 3 },
      { name: 'afk_many', labels: { channel: 'a', service: 'y' }, value: 1 },
    ];
    polledGauges(
      registry,
      { afk_one: { help: '1' }, afk_many: { help: '2', labelNames: ['channel', 'service'] } },
      () => {
        asked += 1;
        return answer();
      },
    );
    // A series' own label stands for the one that all have.
    const expected = ['afk_one{service="x"} 3', 'afk_many{channel="a",service="y"} 1'];
    assert.deepEqual(await linesOf(registry), expected);
    assert.equal(asked, 1);
    answer = async () => [{ name: 'afk_many', labels: { channel: 'b', service: 'y' }, value: 2 }];
    assert.deepEqual(await linesOf(registry), ['afk_many{channel="b",service="y"} 2']);
    answer = () => Promise.reject(new Error('away'));
    assert.deepEqual(await linesOf(registry), []);
    assert.equal(asked, 3);
  });

  test('that cost something are asked for no more often than said', async () => {
    const registry = createRegistry('x');
    let asked = 0;
    const read = async (): Promise<Sample<'afk_one'>[]> => [{ name: 'afk_one', value: (asked += 1) }];
    polledGauges(registry, { afk_one: { help: '1' } }, read, { maxAgeMs: 60_000 });
    for (let scrape = 0; scrape < 3; scrape++)
      assert.deepEqual(await linesOf(registry), ['afk_one{service="x"} 1']);
  });

  test('of what waits: a channel whose lag Redis does not know has none', async () => {
    const registry = createRegistry('x');
    busMetrics(registry).backlog?.(async () => [
      { channel: 'a', lag: 2, pending: 1 },
      { channel: 'b', lag: undefined, pending: 0 },
    ]);
    assert.deepEqual(await linesOf(registry), [
      'afk_events_lag{channel="a",service="x"} 2',
      'afk_events_pending{channel="a",service="x"} 1',
      'afk_events_pending{channel="b",service="x"} 0',
    ]);
  });
});
