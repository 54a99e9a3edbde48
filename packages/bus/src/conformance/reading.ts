import assert from 'node:assert/strict';
import { CHANNELS, finished, nothing, sealed, take, texts, type Case } from './bench.ts';

/** Read: who gets what, in what order, how much at once, and how long it waits. */
export function reading(it: Case): void {
  sharing(it);
  limits(it);
  waiting(it);
}

function sharing(it: Case): void {
  it('every group gets every event in order, also one that joins later', async (kit) => {
    const worker = await kit.join('worker');
    const events = await kit.emit('left', 20);
    const audit = await kit.join('audit');
    const expected = events.map((e) => e.json);
    for (const member of [worker, audit]) {
      const entries = await take(member, 20);
      assert.deepEqual(
        entries.map((e) => e.payload),
        expected,
      );
      for (const { channel, deliveries, replayed } of entries) {
        assert.deepEqual(
          { channel, deliveries, replayed },
          { channel: 'left', deliveries: 1, replayed: false },
        );
      }
      assert.equal(new Set(entries.map((e) => e.id)).size, 20);
      assert.equal(new Set(entries.map((e) => e.stream)).size, 1);
    }
  });

  it('members of a group share: each event comes to one of them', async (kit) => {
    const members = [await kit.join('worker'), await kit.join('worker'), await kit.join('worker')];
    await kit.emit('left', 30);
    const seen: string[] = [];
    while (seen.length < 30) {
      const got = await Promise.all(members.map((m) => m.read(2, 50)));
      assert.ok(got.flat().length > 0, `only ${seen.length} of 30 came`);
      seen.push(...texts(got.flat()));
    }
    for (const member of members) await nothing(member, 50);
    assert.equal(new Set(seen).size, 30);
    assert.equal(seen.length, 30);
  });

  it('what comes on a channel that is not listened to does not come', async (kit) => {
    const member = await kit.join('worker', { channels: ['left'] });
    await kit.emit('right', 3);
    await nothing(member);
  });
}

function limits(it: Case): void {
  it('never more than max at once, also with several channels, and each channel in order', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    await kit.emit('left', 15);
    await kit.emit('right', 15);
    for (const max of [1, 2, 5]) {
      const entries = await take(member, 10, max);
      await member.finish(finished(entries));
    }
    await nothing(member, 50);
    assert.deepEqual((await member.backlog()).map((b) => b.pending).filter(Boolean), []);
  });

  it('each of several channels keeps its order, however few are asked for', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    await kit.emit('left', 12);
    await kit.emit('right', 12);
    const entries = await take(member, 24, 1);
    for (const channel of CHANNELS) {
      const numbers = entries
        .filter((e) => e.channel === channel)
        .map((e) => Number(texts([e])[0]!.split(' ')[1]));
      assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
  });

  it('a paused channel gives nothing new, and what waited when it goes on', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    await kit.emit('left', 3);
    await kit.emit('right', 3);
    const right: string[] = [];
    for (let i = 0; i < 8; i++) right.push(...texts(await member.read(2, 50, new Set(['left']))));
    assert.deepEqual(right, ['right 1', 'right 2', 'right 3']);
    assert.deepEqual(await member.read(5, 50, 'all'), []);
    assert.deepEqual(texts(await take(member, 3)), ['left 1', 'left 2', 'left 3']);
  });

  it('what was taken together with others before its channel was paused waits too', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    await kit.emit('left', 1);
    await kit.emit('right', 1);
    const [first] = await take(member, 1);
    const other = first!.channel === 'left' ? 'right' : 'left';
    assert.deepEqual(await member.read(5, 50, new Set([other])), []);
    assert.deepEqual(texts(await take(member, 1)), [`${other} 1`]);
  });

  it('a paused channel still gives what is to be tried again', async (kit) => {
    const member = await kit.join('worker');
    await kit.emit('left', 2);
    const [entry] = await take(member, 1);
    assert.equal(await member.postpone(entry!, 20), true);
    let again = await member.read(5, 10, 'all');
    for (let i = 0; i < 100 && again.length === 0; i++) again = await member.read(5, 10, 'all');
    assert.deepEqual(texts(again), ['left 1']);
  });
}

function waiting(it: Case): void {
  it('a read of nothing waits about as long as it may, and no longer', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    const began = performance.now();
    assert.deepEqual(await member.read(5, 400), []);
    const ms = performance.now() - began;
    assert.ok(ms >= 300 && ms < 2000, `waited ${Math.round(ms)} ms for a wait of 400`);
  });

  it('a read that waits ends when something comes', async (kit) => {
    const member = await kit.join('worker');
    const transport = await kit.bench.transport();
    const began = performance.now();
    const reading = member.read(5, 8000);
    await transport.emit('left', [sealed('hello')]);
    assert.deepEqual(texts(await reading), ['hello']);
    assert.ok(performance.now() - began < 4000);
  });

  it('tells how far the group is behind: not taken, and taken but unfinished', async (kit) => {
    const member = await kit.join('worker', { channels: CHANNELS });
    const of = async (channel: string): Promise<{ lag: number | undefined; pending: number }> => {
      const { lag, pending } = (await member.backlog()).find((b) => b.channel === channel)!;
      return { lag, pending };
    };
    await kit.emit('left', 5);
    assert.deepEqual(await of('left'), { lag: 5, pending: 0 });
    const entries = await take(member, 5);
    assert.deepEqual(await of('left'), { lag: 0, pending: 5 });
    await member.finish(finished(entries.slice(0, 2)));
    assert.deepEqual(await of('left'), { lag: 0, pending: 3 });
    assert.deepEqual(await of('right'), { lag: 0, pending: 0 });
  });
}
