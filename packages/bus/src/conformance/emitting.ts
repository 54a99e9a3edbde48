import assert from 'node:assert/strict';
import { until } from '@afk/local/testing';
import { finished, sealed, take, textOf, texts, type Case } from './bench.ts';

/** Emit: in order, once, visible, whole. */
export function emitting(it: Case): void {
  it('events come on the channel of their emitter in order, over calls too', async ({ bench }) => {
    const transport = await bench.transport();
    const first = Array.from({ length: 700 }, (_, i) => sealed(`a ${i}`));
    const second = Array.from({ length: 10 }, (_, i) => sealed(`b ${i}`));
    // Not awaited in between: calls of one connection keep their order.
    const counts = await Promise.all([transport.emit('left', first), transport.emit('left', second)]);
    assert.deepEqual(counts, [700, 10]);
    const all = [...first, ...second].map((e) => e.json);
    assert.deepEqual(await bench.read('left'), all);
    assert.deepEqual(await bench.read('right'), []);
  });

  it('whoever watches a channel sees every event as it is emitted', async ({ bench }) => {
    const transport = await bench.transport();
    const seen = await bench.watch('left');
    const events = [sealed('one'), sealed('two')];
    await transport.emit('left', events);
    await until('both', () => seen.length >= 2);
    assert.deepEqual(seen, await bench.read('left'));
  });

  it('a repeated id is left out: in one call, a later one, from another connection', async ({ bench }) => {
    const [transport, other] = [await bench.transport(), await bench.transport()];
    const [one, two, three] = [sealed('one'), sealed('two'), sealed('three')];
    const seen = await bench.watch('left');
    assert.equal(await transport.emit('left', [one, two, one]), 2);
    assert.equal(await transport.emit('left', [two]), 0);
    assert.equal(await other.emit('left', [one, three, two]), 1);
    const together = await Promise.all([transport.emit('left', [three]), other.emit('left', [three])]);
    assert.deepEqual(together, [0, 0]);
    assert.deepEqual((await bench.read('left')).map(textOf), ['one', 'two', 'three']);
    await until('three', () => seen.length >= 3);
    assert.deepEqual(seen.map(textOf), ['one', 'two', 'three'], 'nor shown again');
  });

  it('the same id at the same time from two connections is one event', async ({ bench }) => {
    const transports = [await bench.transport(), await bench.transport()];
    const events = Array.from({ length: 50 }, (_, i) => sealed(`${i}`));
    const counts = await Promise.all(events.flatMap((e) => transports.map((t) => t.emit('left', [e]))));
    assert.equal(
      counts.reduce((sum, n) => sum + n, 0),
      50,
    );
    assert.equal((await bench.read('left')).length, 50);
  });

  it('an emit of nothing is nothing', async ({ bench }) => {
    const transport = await bench.transport();
    assert.equal(await transport.emit('left', []), 0);
    assert.deepEqual(await bench.read('left'), []);
  });

  it('line breaks, quotes, emoji and NUL come through, in events and in outputs', async (kit) => {
    const odd = 'a\r\nb\n"c" \'d\' \\ 🦉 é 漢 \u2028 | \0 end';
    const member = await kit.join('worker');
    const transport = await kit.bench.transport();
    const raw = { ...sealed(''), json: odd };
    const wrapped = sealed(odd);
    await transport.emit('left', [raw, wrapped]);
    const entries = await take(member, 2);
    assert.equal(entries[0]!.payload, odd);
    assert.equal(textOf(entries[1]!.payload), odd);
    await member.finish([{ entry: entries[0]!, outputs: [raw, wrapped] }]);
    assert.deepEqual(await kit.bench.read('worker'), [odd, wrapped.json]);
  });

  it('an event of more than a megabyte comes through, and so does its output', async (kit) => {
    const member = await kit.join('worker');
    const transport = await kit.bench.transport();
    const big = sealed('0123456789abcdéf'.repeat(100_000));
    await transport.emit('left', [big, sealed('small')]);
    const [entry, small] = await take(member, 2);
    assert.ok(entry!.payload === big.json, 'the same text');
    assert.deepEqual(texts([small!]), ['small']);
    await member.finish(finished([entry!], big));
    assert.ok((await kit.bench.read('worker'))[0] === big.json, 'the same text');
  });
}
