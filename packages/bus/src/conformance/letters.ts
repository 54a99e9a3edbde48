import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { finished, LEASE_MS, letterOf, nothing, sealed, take, textOf, texts, type Case } from './bench.ts';

/** Dead letters: kept whole, told, given again to one service alone. */
export function letters(it: Case): void {
  burying(it);
  replaying(it);
}

function burying(it: Case): void {
  it('keeps every field of a letter and emits what tells of it, in one step', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(member, 1);
    const before = Date.now();
    assert.equal(await member.bury(entry!, letterOf(entry!), [sealed('failed', 'worker_failed')]), true);
    const [letter, ...others] = await kit.letters();
    assert.deepEqual(others, []);
    const { id, at, service, ...fields } = letter!;
    assert.deepEqual(fields, letterOf(entry!));
    assert.equal(service, 'worker');
    assert.equal(typeof id, 'string');
    assert.ok(Math.abs(Date.parse(at) - before) < 60_000, `at ${at}`);
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['failed']);
    assert.equal((await member.backlog()).find((b) => b.channel === 'left')!.pending, 0);
    assert.deepEqual(await kit.letters('audit'), []);
  });

  it('is not delivered again, and is buried once', async (kit) => {
    const member = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 1);
    const [entry] = await take(member, 1);
    await member.postpone(entry!, 0);
    const [again] = await take(member, 1);
    const told = [sealed('failed', 'worker_failed')];
    assert.equal(await member.bury(again!, letterOf(again!), told), true);
    assert.equal(await member.bury(again!, letterOf(again!), told), false);
    assert.deepEqual(texts(await member.finish(finished([again!], sealed('late')))), ['left 1']);
    await sleep(LEASE_MS * 1.5);
    await nothing(member);
    assert.equal((await kit.letters()).length, 1);
    assert.equal((await kit.bench.read('worker')).length, 1);
  });

  it('the newest letters come first, no more than asked for', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 4);
    for (const entry of await take(member, 4)) {
      await member.bury(entry, letterOf(entry), []);
      await sleep(5);
    }
    const transport = await kit.bench.transport();
    const newest = await transport.deadLetters(['worker', 'audit'], 2);
    assert.deepEqual(
      newest.map((l) => textOf(l.payload)),
      ['left 4', 'left 3'],
    );
  });
}

function replaying(it: Case): void {
  it('a replay goes to that service alone, marked, and the letter is gone', async (kit) => {
    const [worker, audit] = [await kit.join('worker'), await kit.join('audit')];
    const [event] = await kit.emit('left', 1);
    const [entry] = await take(worker, 1);
    await audit.finish(finished(await take(audit, 1)));
    await worker.bury(entry!, letterOf(entry!), []);
    const transport = await kit.bench.transport();
    const [letter] = await kit.letters();
    const replays = await Promise.all([1, 2].map(() => transport.replay('worker', letter!.id)));
    assert.deepEqual(replays.toSorted(), [false, true], 'two that replay it at once: one does');
    const [again] = await take(worker, 1);
    assert.equal(again!.payload, event!.json);
    assert.deepEqual([again!.replayed, again!.deliveries], [true, 1]);
    assert.deepEqual(await worker.finish(finished([again!], sealed('done'))), []);
    await nothing(audit);
    await nothing(worker, 50);
    assert.deepEqual(await kit.letters(), []);
    assert.equal((await kit.bench.read('left')).length, 1, 'not on the channel again');
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['done']);
  });

  it('what was replayed is postponed and buried as any other', async (kit) => {
    const worker = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(worker, 1);
    await worker.bury(entry!, letterOf(entry!), []);
    const transport = await kit.bench.transport();
    await transport.replay('worker', (await kit.letters())[0]!.id);
    const [first] = await take(worker, 1);
    assert.equal(await worker.postpone(first!, 10), true);
    const [second] = await take(worker, 1);
    assert.deepEqual([second!.replayed, second!.deliveries], [true, 2]);
    assert.equal(await worker.bury(second!, letterOf(second!), []), true);
    assert.equal((await kit.letters()).length, 1);
    await nothing(worker, 100);
  });

  it('a replay for a service with nobody there waits for it', async (kit) => {
    const worker = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(worker, 1);
    await worker.bury(entry!, letterOf(entry!), []);
    worker.stop();
    await worker.leave();
    const transport = await kit.bench.transport();
    assert.equal(await transport.replay('worker', (await kit.letters())[0]!.id), true);
    const [again] = await take(await kit.join('worker'), 1);
    assert.equal(again!.replayed, true);
  });

  it('drops a letter; an unknown one is neither replayed nor dropped', async (kit) => {
    const worker = await kit.join('worker');
    await kit.emit('left', 2);
    for (const entry of await take(worker, 2)) await worker.bury(entry, letterOf(entry), []);
    const transport = await kit.bench.transport();
    const [one, two] = await kit.letters();
    assert.equal(await transport.drop('worker', one!.id), true);
    assert.equal(await transport.drop('worker', one!.id), false);
    assert.equal(await transport.replay('worker', one!.id), false);
    assert.equal(await transport.replay('audit', two!.id), false, "another service's");
    assert.deepEqual(
      (await kit.letters()).map((l) => l.id),
      [two!.id],
    );
    await nothing(worker);
  });
}
