import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { envelope } from '@afk/contracts';
import { recorder, until } from '@afk/local/testing';
import { z } from 'zod';
import type { BareOptions } from '../transport.ts';
import { take, type Case, type Kit } from './bench.ts';

const schemas = { said: envelope.extend({ text: z.string() }) };

/** What is published without an id: taken in once, over all who hear it. */
export function adoption(it: Case): void {
  it('a bare message becomes one event, whoever hears it', async (kit) => {
    const member = await kit.join('worker');
    await listeners(kit, 3);
    for (const n of [1, 2, 3]) await kit.bench.publish('left', `{"event":"said","text":"${n}"}`);
    const entries = await take(member, 3);
    const events = entries.map((e) => envelope.parse(JSON.parse(e.payload)));
    assert.deepEqual(events.map((e) => e['text']).toSorted(), ['1', '2', '3']);
    for (const event of events) assert.equal(event.correlation_id, event.id, 'it begins a run');
    await sleep(200);
    assert.equal((await kit.bench.read('left')).length, 3);
  });

  it('one that nobody can read becomes one dead letter, and the next is taken in', async (kit) => {
    const logs = await listeners(kit, 2);
    await kit.bench.publish('left', 'rubbish {');
    await kit.bench.publish('left', '{"event":"said","text":7}');
    await kit.bench.publish('left', '{"event":"said","text":"good"}');
    await until('the good one', async () => (await kit.bench.read('left')).length === 1);
    await until('both letters', async () => (await kit.letters()).length >= 2);
    await sleep(200);
    const letters = await kit.letters();
    assert.deepEqual(letters.map((l) => l.payload).toSorted(), ['rubbish {', '{"event":"said","text":7}']);
    assert.match(letters.map((l) => l.reason).join('\n'), /text/, 'the field that is wrong');
    assert.equal(logs.flatMap((l) => l.lines).filter((l) => l.startsWith('error')).length, 2);
  });

  it('what carries an id is an event that was emitted, and is left alone', async (kit) => {
    await listeners(kit, 2);
    const [event] = await kit.emit('left', 1);
    await kit.bench.publish('left', event!.json);
    await sleep(300);
    assert.equal((await kit.bench.read('left')).length, 1);
    assert.deepEqual(await kit.letters(), []);
  });

  it('one that stopped listening takes nothing in', async (kit) => {
    const transport = await kit.bench.transport();
    const stop = await transport.adoptBare(options(0, recorder()));
    await stop();
    await transport.close();
    await kit.bench.publish('left', '{"event":"said","text":"into the void"}');
    await sleep(200);
    assert.deepEqual(await kit.bench.read('left'), []);
  });
}

async function listeners(kit: Kit, count: number): Promise<ReturnType<typeof recorder>[]> {
  const logs = Array.from({ length: count }, () => recorder());
  for (const [i, log] of logs.entries()) await (await kit.bench.transport()).adoptBare(options(i, log));
  return logs;
}

function options(n: number, log: ReturnType<typeof recorder>): BareOptions {
  const events = new Map([['left', ['said']]]);
  return { service: 'worker', instance: `listener-${n}`, schemas, log, events, requests: [] };
}
