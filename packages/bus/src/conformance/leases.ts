import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { finished, LEASE_MS, nothing, sealed, take, texts, type Case } from './bench.ts';

/** Leases: what becomes of entries whose member shows no sign of life, or shows one. */
export function leases(it: Case): void {
  dying(it);
  renewing(it);
}

function dying(it: Case): void {
  it("a dead member's entries come to another after the lease, counted, and not before", async (kit) => {
    const doomed = await kit.bench.transport();
    const options = { service: 'worker', channels: ['left'], leaseMs: LEASE_MS };
    const dying = await doomed.join({ ...options, consumer: 'dying' });
    await kit.emit('left', 3);
    await take(dying, 3);
    const died = performance.now();
    await doomed.close();
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const [first] = await take(other, 1);
    const ms = performance.now() - died;
    assert.ok(ms >= LEASE_MS * 0.8, `came ${Math.round(ms)} ms after death, the lease is ${LEASE_MS}`);
    const entries = [first!, ...(await take(other, 2))];
    assert.deepEqual(texts(entries).sort(), ['left 1', 'left 2', 'left 3']);
    assert.deepEqual(
      entries.map((e) => e.deliveries),
      [2, 2, 2],
    );
    assert.deepEqual(await other.finish(finished(entries, sealed('done'))), []);
  });

  it('one that joins when the lease has run out already gets each of them once', async (kit) => {
    const doomed = await kit.bench.transport();
    const options = { service: 'worker', channels: ['left'], leaseMs: LEASE_MS };
    await kit.emit('left', 3);
    await take(await doomed.join({ ...options, consumer: 'dying' }), 3);
    await doomed.close();
    await sleep(LEASE_MS + 100);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    // Room for more than there are.
    const entries = await other.read(9, 200);
    assert.deepEqual(texts(entries).sort(), ['left 1', 'left 2', 'left 3']);
    assert.deepEqual(
      entries.map((e) => e.deliveries),
      [2, 2, 2],
    );
    await nothing(other, 50);
  });

  it('they come to one that waits in a read already, and new ones go on meanwhile', async (kit) => {
    const doomed = await kit.bench.transport();
    const options = { service: 'worker', channels: ['left'], leaseMs: LEASE_MS };
    const dying = await doomed.join({ ...options, consumer: 'dying' });
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 1);
    await take(dying, 1);
    await doomed.close();
    const transport = await kit.bench.transport();
    await transport.emit('left', [sealed('new')]);
    assert.deepEqual(texts(await take(other, 2)), ['new', 'left 1']);
  });

  it('never more of them at once than asked for', async (kit) => {
    const doomed = await kit.bench.transport();
    const options = { service: 'worker', channels: ['left'], leaseMs: LEASE_MS };
    await kit.emit('left', 9);
    await take(await doomed.join({ ...options, consumer: 'dying' }), 9);
    await doomed.close();
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const entries = await take(other, 9, 2);
    assert.equal(new Set(texts(entries)).size, 9);
  });

  it('one that was postponed before its next holder died comes again too', async (kit) => {
    const doomed = await kit.bench.transport();
    const options = { service: 'worker', channels: ['left'], leaseMs: LEASE_MS };
    const dying = await doomed.join({ ...options, consumer: 'dying' });
    await kit.emit('left', 1);
    const [entry] = await take(dying, 1);
    await dying.postpone(entry!, 0);
    await take(dying, 1);
    await doomed.close();
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    const [again] = await take(other, 1);
    assert.equal(again!.deliveries, 3);
  });
}

function renewing(it: Case): void {
  it('a member that renews keeps its entries, as long as it does', async (kit) => {
    const busy = await kit.join('worker', { leaseMs: LEASE_MS });
    const idle = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 2);
    const [one, two] = await take(busy, 2);
    // One that was tried before is kept by the same means.
    await busy.postpone(two!, 0);
    const [again] = await take(busy, 1);
    const held = [one!, again!];
    for (const end = Date.now() + LEASE_MS * 3; Date.now() < end;) {
      assert.deepEqual(await busy.renew(held), []);
      await nothing(idle, LEASE_MS / 4);
    }
    assert.deepEqual(await busy.finish(finished(held)), []);
  });

  it('renewing tells which entries another holds by now, or has finished', async (kit) => {
    const slow = await kit.join('worker', { leaseMs: LEASE_MS });
    await kit.emit('left', 3);
    const mine = await take(slow, 3);
    await sleep(LEASE_MS / 2);
    assert.deepEqual(await slow.renew([mine[1]!]), []);
    const other = await kit.join('worker', { leaseMs: LEASE_MS });
    await sleep(LEASE_MS * 0.7);
    const theirs = await take(other, 2);
    await other.finish(finished([theirs[0]!]));
    const lost = await slow.renew(mine);
    assert.deepEqual(texts(lost).sort(), ['left 1', 'left 3']);
    assert.deepEqual(texts(await slow.finish(finished(mine, sealed('done')))), [texts([theirs[0]!])[0]!]);
  });

  it('renewing nothing is nothing', async (kit) => {
    const member = await kit.join('worker');
    assert.deepEqual(await member.renew([]), []);
  });
}
