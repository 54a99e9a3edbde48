import assert from 'node:assert/strict';
import { finished, LEASE_MS, letterOf, nothing, sealed, take, texts, type Case } from './bench.ts';

/** Postpone: not before its time, then again, counted. */
export function postponing(it: Case): void {
  it('comes again after its delay and not before, one delivery more', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(member, 1);
    const began = performance.now();
    assert.equal(await member.postpone(entry!, 400), true);
    const [again] = await take(member, 1);
    const ms = performance.now() - began;
    assert.ok(ms >= 380, `came after ${Math.round(ms)} of 400 ms`);
    assert.deepEqual(
      { ...again!, deliveries: 0 },
      { ...entry!, deliveries: 0 },
      'the same entry in all the rest',
    );
    assert.equal(again!.deliveries, 2);
    await member.postpone(again!, 0);
    const [third] = await take(member, 1);
    assert.equal(third!.deliveries, 3);
    assert.deepEqual(await member.finish(finished([third!], sealed('done'))), []);
    await nothing(member);
    assert.equal((await kit.bench.read('worker')).length, 1);
  });

  it('others of the channel go on meanwhile', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 3);
    const [entry] = await take(member, 1);
    await member.postpone(entry!, 500);
    assert.deepEqual(texts(await take(member, 3)), ['left 2', 'left 3', 'left 1']);
  });

  it('a read that waits for longer is ended in time for it', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(member, 1);
    const began = performance.now();
    const reading = member.read(1, 6000);
    await member.postpone(entry!, 150);
    const got = await reading;
    const entries = got.length > 0 ? got : await take(member, 1);
    assert.deepEqual(texts(entries), ['left 1']);
    assert.ok(performance.now() - began < 3000, 'long before the read would have ended');
  });

  it('comes to whichever member asks, also where the one that had it is gone', async (kit) => {
    const one = await kit.join('worker');
    await kit.emit('left', 2);
    const entries = await take(one, 2);
    for (const entry of entries) assert.equal(await one.postpone(entry, 100), true);
    one.stop();
    await one.leave();
    const two = await kit.join('worker');
    const again = await take(two, 2);
    assert.deepEqual(
      again.map((e) => e.deliveries),
      [2, 2],
    );
    assert.deepEqual(await two.finish(finished(again)), []);
  });

  it('a long delay outlives a short lease', async (kit) => {
    const member = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 1);
    const [entry] = await take(member, 1);
    await member.postpone(entry!, LEASE_MS * 2.5);
    await nothing(member, LEASE_MS * 2);
    const [again] = await take(member, 1);
    assert.equal(again!.deliveries, 2);
  });

  it('refuses an entry that another member holds, or that was finished', async (kit) => {
    const slow = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 2);
    const mine = await take(slow, 2);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const theirs = await take(other, 2);
    assert.equal(await slow.postpone(mine[0]!, 0), false);
    await other.finish(finished([theirs[1]!]));
    assert.equal(await other.postpone(theirs[1]!, 0), false);
    assert.equal(await other.bury(theirs[1]!, letterOf(theirs[1]!), []), false);
    await nothing(other, 100);
  });
}
