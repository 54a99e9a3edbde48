import assert from 'node:assert/strict';
import test from 'node:test';
import { inventedWord, World } from './testing/invented.ts';
import { NearDuplicates, signatureOf } from './near-duplicates.ts';

type Value = { name: string; age: number };

const older = (a: Value, b: Value): boolean => a.age < b.age || (a.age === b.age && a.name < b.name);
const any = (): boolean => true;
const tableOf = (...entries: [key: string, value: Value][]): NearDuplicates<Value> => {
  const table = new NearDuplicates<Value>(older);
  for (const [key, value] of entries) table.add(key, value);
  return table;
};
const value = (name: string, age = 0): Value => ({ name, age });

/** Nine words of the world, as titleKey writes them. */
const keyOf = (world: World): string =>
  Array.from({ length: 9 }, () => inventedWord(world.below(5000))).join(' ');
/** The title with so many letters taken out at one place. */
const cut = (key: string, at: number, letters: number): string => key.slice(0, at) + key.slice(at + letters);

/** What the class promises, by comparing with every entry: equal keys first, then 16 bands of 4 and .7 of 64 hashes. */
function expected(entries: readonly (readonly [string, Value])[], key: string): Value | undefined {
  const oldest = (values: Value[]): Value | undefined => values.sort((a, b) => (older(a, b) ? -1 : 1))[0];
  const same = entries.filter(([other]) => other === key).map(([, own]) => own);
  if (same.length > 0) return oldest(same);
  const close = entries.map(([other, own]) => ({ own, shared: sharedBy(key, other) }));
  const most = Math.max(0, ...close.map(({ shared }) => shared));
  return oldest(close.filter(({ shared }) => shared === most && shared > 0).map(({ own }) => own));
}

/** Hashes that two signatures share, of 64; 0 where they are not taken for the same. */
function sharedBy(x: string, y: string): number {
  const [a, b] = [signatureOf(x), signatureOf(y)];
  if (!a || !b || x.replace(/\D+/g, ' ').trim() !== y.replace(/\D+/g, ' ').trim()) return 0;
  const equal = Array.from(a, (hash, h) => (hash & 0xffff) === (b[h]! & 0xffff));
  const shared = equal.filter(Boolean).length;
  const banded = equal.some((_, h) => h % 4 === 0 && equal.slice(h, h + 4).every(Boolean));
  return banded && shared >= 0.7 * 64 ? shared : 0;
}

test('finds what says the same, word for word or nearly', () => {
  const fire = 'firefighters battle blaze in central london warehouse';
  const table = tableOf([fire, value('fire')]);
  assert.equal(table.find(fire, any)?.name, 'fire');
  assert.equal(table.find(`${fire}s`, any)?.name, 'fire');
  assert.equal(table.find('parliament votes on the new budget after long debate', any), undefined);
  assert.equal(table.find('', any), undefined);
});

test('numbers must agree, however alike the rest', () => {
  const table = tableOf(['oil price rises above 101 dollars a barrel in london', value('101')]);
  assert.equal(table.find('oil price rises above 102 dollars a barrel in london', any), undefined);
  assert.equal(table.find('oil prices rise above 101 dollars a barrel in london', any)?.name, '101');
});

test('short titles are the same only when they are equal', () => {
  const table = tableOf(['it snows', value('snow')]);
  assert.equal(table.find('it snows', any)?.name, 'snow');
  assert.equal(table.find('it snow', any), undefined);
});

test('of equal keys the oldest that fits is found, in whatever order they were filed and removed', () => {
  const key = 'weather for the coming weekend';
  const values = [3, 1, 4, 0, 2].map((age) => value(`v${age}`, age));
  for (const reversed of [false, true]) {
    const table = tableOf(
      ...(reversed ? values.toReversed() : values).map((own) => [key, own] as [string, Value]),
    );
    assert.equal(table.find(key, any)?.age, 0);
    assert.equal(table.find(key, ({ age }) => age > 1)?.age, 2);
    assert.equal(
      table.find(key, ({ age }) => age > 9),
      undefined,
    );
    const left = [...values];
    for (const own of [values[4]!, values[3]!, values[0]!, values[2]!, values[1]!]) {
      table.remove(key, own);
      left.splice(left.indexOf(own), 1);
      const oldest = left.map(({ age }) => age).sort((a, b) => a - b)[0];
      assert.equal(table.find(key, any)?.age, oldest);
    }
  }
});

test('of near ones the nearest is found, and of equally near ones the oldest', () => {
  const key = 'minister resigns after long night of talks about the bridge';
  const nearer = tableOf([`${key} collapse`, value('far', 1)], [`${key}s`, value('near', 2)]);
  assert.equal(nearer.find(key, any)?.name, 'near');
  for (const ages of [
    [1, 2],
    [2, 1],
  ]) {
    const table = tableOf(...ages.map((age): [string, Value] => [`${key}s`, value(`v${age}`, age)]));
    assert.equal(table.find(key, any)?.age, 1);
  }
});

test('removing what is not there changes nothing', () => {
  const table = tableOf(['a title that stands in the table', value('own')]);
  table.remove('a title that stands in the table', value('own'));
  table.remove('a title that nobody has ever filed', value('own'));
  assert.equal(table.find('a title that stands in the table', any)?.name, 'own');
});

test('adding and removing thousands, past every growth, leaves what comparing with all of them would find', () => {
  const world = new World(11);
  const table = new NearDuplicates<Value>(older);
  const entries: [string, Value][] = [];
  const put = (key: string): void => {
    const own = value(`v${entries.length}-${world.below(1e9)}`, world.below(100));
    entries.push([key, own]);
    table.add(key, own);
  };
  const drop = (): void => {
    const [[key, own]] = entries.splice(world.below(entries.length), 1) as [[string, Value]];
    table.remove(key, own);
  };
  const check = (key: string): void => assert.equal(table.find(key, any), expected(entries, key), key);
  for (let i = 0; i < 2600; i += 1) {
    const [known] = entries[world.below(Math.max(1, entries.length))] ?? [keyOf(world)];
    const kind = world.below(4);
    put(kind === 0 ? known : kind === 1 ? cut(known, world.below(40), 1 + world.below(6)) : keyOf(world));
    if (entries.length > 1 && world.below(3) === 0) drop();
    if (i % 100 === 0) check(cut(entries[world.below(entries.length)]![0], world.below(40), world.below(8)));
  }
  while (entries.length > 10) {
    drop();
    if (entries.length % 100 === 0)
      check(cut(entries[world.below(entries.length)]![0], world.below(40), world.below(8)));
  }
  for (const [key] of entries) check(key);
});

test('what is found does not depend on how large the table has been', () => {
  // 45 of 64 hashes agree, but no band of 4. In a table of 1,024 they lie in one chain, in a larger one they do not.
  const [filed, asked] = [
    'dhi sie ltfadn fzr rhd vzpul qrnr ejfe tdlv',
    'dhi sie otno fzr rhd vzpul qrnr ejfe tdlv',
  ];
  const small = tableOf([filed, value('filed')]);
  const world = new World(3);
  const fillers = Array.from({ length: 5000 }, (_, i): [string, Value] => [keyOf(world), value(`f${i}`)]);
  const large = tableOf(...fillers, [filed, value('filed')]);
  for (const [key, own] of fillers) large.remove(key, own);
  assert.equal(small.find(asked, any)?.name, large.find(asked, any)?.name);
});

test('a signature is the same on every machine', () => {
  assert.deepEqual(
    [...signatureOf('parliament votes on the budget')!.slice(0, 4)],
    [312686007, 255977034, 156528446, 177464949],
  );
  assert.equal(signatureOf('too short'), undefined);
  assert.equal(signatureOf('x'.repeat(100_000))?.length, 64);
});
