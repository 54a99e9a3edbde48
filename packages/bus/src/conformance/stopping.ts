import assert from 'node:assert/strict';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { CHANNELS, finished, nothing, take, texts, type Case } from './bench.ts';

/** Stop, release, leave: a member that ends takes nothing with it. */
export function stopping(it: Case): void {
  releasing(it);
  ending(it);
}

function releasing(it: Case): void {
  it('what is released comes again at once, not counted as an attempt', async (kit) => {
    const [one, two] = [await kit.join('worker'), await kit.join('worker')];
    await kit.emit('left', 3);
    const entries = await take(one, 3);
    await one.release(entries.slice(0, 2));
    const began = performance.now();
    const again = await take(two, 2);
    assert.ok(performance.now() - began < 5000, 'long before the lease');
    assert.deepEqual(texts(again).sort(), ['left 1', 'left 2']);
    assert.deepEqual(
      again.map((e) => e.deliveries),
      [1, 1],
    );
    assert.deepEqual(await two.finish(finished(again)), []);
    assert.deepEqual(await one.finish(finished(entries.slice(2))), []);
  });

  it('also to one that has looked before, and waits', async (kit) => {
    const [one, two] = [await kit.join('worker'), await kit.join('worker')];
    await kit.emit('left', 3);
    const entries = await take(one, 3);
    await nothing(two);
    const began = performance.now();
    const reading = take(two, 3);
    await one.release(entries);
    assert.equal((await reading).length, 3);
    assert.ok(performance.now() - began < 5000, 'long before the lease');
  });

  it('also where it was an attempt before: it is as many as it was', async (kit) => {
    const one = await kit.join('worker');
    await kit.emit('left', 1);
    const [entry] = await take(one, 1);
    await one.postpone(entry!, 0);
    const second = await take(one, 1);
    assert.equal(second[0]!.deliveries, 2);
    await one.release(second);
    const [again] = await take(await kit.join('worker'), 1);
    assert.equal(again!.deliveries, 2);
  });

  it('releasing what is finished, or another holds, changes nothing', async (kit) => {
    const [one, two] = [await kit.join('worker'), await kit.join('worker')];
    await kit.emit('left', 2);
    const entries = await take(one, 2);
    await one.finish(finished([entries[0]!]));
    await one.release([entries[1]!]);
    const [theirs] = await take(two, 1);
    await one.release(entries);
    await nothing(one, 100);
    assert.deepEqual(await two.finish(finished([theirs!])), []);
  });
}

function ending(it: Case): void {
  for (const paused of [new Set<string>(), 'all'] as const) {
    const which = paused === 'all' ? 'with every channel paused' : 'for something new';
    it(`a read that waits ${which} is ended by a stop, and no other begins`, async (kit) => {
      const member = await kit.join('worker', { channels: CHANNELS });
      const reading = member.read(1, 8000, paused).catch(() => []);
      await sleep(100);
      const began = performance.now();
      member.stop();
      assert.deepEqual(await reading, []);
      assert.ok(performance.now() - began < 2000, 'ended at once');
      await kit.emit('left', 1);
      assert.deepEqual(await member.read(1, 200).catch(() => []), []);
      await member.leave();
      assert.deepEqual(texts(await take(await kit.join('worker'), 1)), ['left 1']);
    });
  }

  it('a member that stopped can still settle what it holds', async (kit) => {
    const one = await kit.join('worker');
    await kit.emit('left', 3);
    const [first, second, third] = await take(one, 3);
    one.stop();
    assert.deepEqual(await one.finish(finished([first!])), []);
    assert.equal(await one.postpone(second!, 0), true);
    await one.release([third!]);
    await one.leave();
    const again = await take(await kit.join('worker'), 2);
    assert.deepEqual(again.map((e) => `${texts([e])[0]!}: ${e.deliveries}`).sort(), [
      'left 2: 2',
      'left 3: 1',
    ]);
  });

  it('what was taken and never given out is handed back by leaving, not counted', async (kit) => {
    const one = await kit.join('worker', { channels: CHANNELS });
    await kit.emit('left', 4);
    await kit.emit('right', 4);
    const mine = await take(one, 1);
    one.stop();
    await one.finish(finished(mine));
    await one.leave();
    const two = await kit.join('worker', { channels: CHANNELS });
    const rest = await take(two, 7);
    assert.deepEqual(new Set(rest.map((e) => e.deliveries)), new Set([1]));
  });

  it('nothing stays with a member that stops while entries are on their way to it', async (kit) => {
    await kit.emit('left', 600);
    const done: string[] = [];
    for (let i = 0; i < 12; i++) {
      const one = await kit.join('worker');
      const mine = await take(one, 3);
      // A read that a stop ends may reject: nobody knows what was on its way.
      const reading = one.read(10, 100).catch(() => []);
      await setImmediate();
      one.stop();
      mine.push(...(await reading));
      await one.finish(finished(mine));
      await one.leave();
      done.push(...texts(mine));
    }
    const rest = await take(await kit.join('worker'), 600 - done.length, 100);
    assert.deepEqual(new Set(rest.map((e) => e.deliveries)), new Set([1]), 'not an attempt');
    assert.equal(new Set([...done, ...texts(rest)]).size, 600);
  });
}
