import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@afk/local/testing';
import { finished, LEASE_MS, nothing, sealed, take, textOf, texts, type Case } from './bench.ts';

/** Finish: acknowledgement and outputs in one step, once. */
export function finishing(it: Case): void {
  outputs(it);
  once(it);
}

function outputs(it: Case): void {
  it('emits on the service channel, for its groups and for watchers, and leaves nothing pending', async (kit) => {
    const worker = await kit.join('worker');
    const audit = await kit.join('audit', { channels: ['worker'] });
    const seen = await kit.bench.watch('worker');
    await kit.emit('left', 3);
    const entries = await take(worker, 3);
    const [one, two, three] = [sealed('one'), sealed('two'), sealed('three')];
    const elsewhere = await worker.finish([
      { entry: entries[0]!, outputs: [one] },
      { entry: entries[1]!, outputs: [] },
      { entry: entries[2]!, outputs: [two, three] },
    ]);
    assert.deepEqual(elsewhere, []);
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['one', 'two', 'three']);
    assert.deepEqual(texts(await take(audit, 3)), ['one', 'two', 'three']);
    await until('watchers', () => seen.length >= 3);
    assert.deepEqual(seen.map(textOf), ['one', 'two', 'three']);
    assert.equal((await worker.backlog()).find((b) => b.channel === 'left')!.pending, 0);
  });

  it('outputs of one batch leave in the order of its entries, many of them too', async (kit) => {
    const worker = await kit.join('worker');
    await kit.emit('left', 300);
    const entries = await take(worker, 300);
    // Finished in another order than they came.
    const batch = [...entries.slice(150), ...entries.slice(0, 150)].map((entry) => ({
      entry,
      outputs: [sealed(`${textOf(entry.payload)} a`), sealed(`${textOf(entry.payload)} b`)],
    }));
    assert.deepEqual(await worker.finish(batch), []);
    const expected = batch.flatMap((f) => f.outputs.map((o) => o.json));
    assert.deepEqual(await kit.bench.read('worker'), expected);
  });

  it('a batch over several channels is finished whole', async (kit) => {
    const worker = await kit.join('worker', { channels: ['left', 'right'] });
    await kit.emit('left', 4);
    await kit.emit('right', 4);
    const entries = await take(worker, 8);
    const batch = entries.map((entry) => ({ entry, outputs: [sealed(textOf(entry.payload))] }));
    assert.deepEqual(await worker.finish(batch), []);
    const out = (await kit.bench.read('worker')).map(textOf);
    for (const channel of ['left', 'right']) {
      const own = out.filter((t) => t.startsWith(channel));
      assert.deepEqual(own, [`${channel} 1`, `${channel} 2`, `${channel} 3`, `${channel} 4`]);
    }
    assert.ok((await worker.backlog()).every((b) => b.pending === 0));
  });

  it('what was finished does not come again, to nobody, also after the lease', async (kit) => {
    const [one, two] = [await kit.join('worker', { leaseMs: LEASE_MS }), await kit.join('worker')];
    await kit.emit('left', 2);
    await one.finish(finished(await take(one, 2)));
    await sleep(LEASE_MS * 1.5);
    await nothing(one);
    await nothing(two, 50);
  });
}

function once(it: Case): void {
  it('an entry finished twice has its effect once, and is named the second time', async (kit) => {
    const worker = await kit.join('worker');
    await kit.emit('left', 2);
    const [one, two] = await take(worker, 2);
    assert.deepEqual(await worker.finish(finished([one!], sealed('first time'))), []);
    const elsewhere = await worker.finish([
      { entry: one!, outputs: [sealed('second time')] },
      { entry: two!, outputs: [sealed('another')] },
    ]);
    assert.deepEqual(texts(elsewhere), ['left 1']);
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['first time', 'another']);
  });

  it('two members that hold the same entry: the first to finish has its effect, the other hears so', async (kit) => {
    const slow = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 1);
    const [mine] = await take(slow, 1);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const [theirs] = await take(other, 1);
    assert.equal(theirs!.id, mine!.id);
    assert.deepEqual(await other.finish(finished([theirs!], sealed('theirs'))), []);
    assert.deepEqual(texts(await slow.finish(finished([mine!], sealed('mine')))), ['left 1']);
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['theirs']);
  });

  it('so does one that finishes after its lease, before whoever took the entry over', async (kit) => {
    const slow = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 1);
    const [mine] = await take(slow, 1);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const [theirs] = await take(other, 1);
    assert.deepEqual(await slow.finish(finished([mine!], sealed('mine'))), []);
    assert.deepEqual(texts(await other.finish(finished([theirs!], sealed('theirs')))), ['left 1']);
    assert.deepEqual((await kit.bench.read('worker')).map(textOf), ['mine']);
    await sleep(LEASE_MS * 1.5);
    await nothing(other);
  });

  it('finishing in both at the same moment has one effect', async (kit) => {
    const slow = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 10);
    const mine = await take(slow, 10);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const theirs = await take(other, 10);
    const all = await Promise.all([
      ...mine.map((e) => slow.finish(finished([e], sealed(textOf(e.payload))))),
      ...theirs.map((e) => other.finish(finished([e], sealed(textOf(e.payload))))),
    ]);
    assert.equal(all.flat().length, 10);
    const out = (await kit.bench.read('worker')).map(textOf);
    assert.equal(out.length, 10);
    assert.equal(new Set(out).size, 10);
  });

  it('finishing in one group changes nothing for another', async (kit) => {
    const [worker, audit] = [await kit.join('worker'), await kit.join('audit')];
    await kit.emit('left', 1);
    const [entry] = await take(worker, 1);
    const [same] = await take(audit, 1);
    await worker.finish(finished([entry!], sealed('by worker')));
    assert.deepEqual(await audit.finish(finished([same!], sealed('by audit'))), []);
    assert.deepEqual((await kit.bench.read('audit')).map(textOf), ['by audit']);
  });
}
