import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Schemas } from '@qdrant/js-client-rest';
import { startLocal, withPayloads } from '../test/local.ts';

type Filter = Schemas['Filter'];

const key = (name: string, condition: object): Filter => ({ must: [{ key: name, ...condition }] });

test('match.text is a substring without an index, and all tokens with one', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ title: 'The Quick brown fox' }, { title: 'quick' }]);
  const ids = async (text: string): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('title', { match: { text } }) })).points.map((point) => point.id);
  assert.deepEqual(await ids('uick'), [1, 2]);
  assert.deepEqual(await ids('quick'), [2]);
  assert.deepEqual(await ids('fox Quick'), []);
  await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema: 'text' });
  assert.deepEqual(await ids('uick'), []);
  assert.deepEqual(await ids('FOX, quick!'), [1]);
  assert.deepEqual(await ids('quick'), [1, 2]);
  assert.deepEqual(await ids('!'), []);
  const prefix = { type: 'text', tokenizer: 'prefix' } as const;
  await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema: prefix });
  assert.deepEqual(await ids('QUI br'), [1]);
});

/** Points by their titles under a text index with these parameters. */
async function titled(
  t: TestContext,
  titles: unknown[],
  params: object | undefined,
): Promise<(match: object) => Promise<unknown[]>> {
  const { client } = await startLocal(t);
  await withPayloads(
    client,
    'c',
    titles.map((title) => ({ title })),
  );
  const field_schema = { type: 'text', ...params } as Schemas['TextIndexParams'];
  if (params) await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema });
  return async (match) =>
    (await client.scroll('c', { filter: key('title', { match }) })).points.map((point) => point.id);
}

const TITLES = [
  'the quick brown fox',
  'Quick and brown',
  ['quick', 'brown'],
  'very very much',
  'été à Paris',
];

test('match.phrase wants its words in a row, and an index that was made for phrases', async (t) => {
  const phrases = await titled(t, TITLES, { phrase_matching: true });
  assert.deepEqual(await phrases({ phrase: 'QUICK brown' }), [1, 3]);
  assert.deepEqual(await phrases({ phrase: 'brown quick' }), []);
  assert.deepEqual(await phrases({ phrase: 'very very' }), [4]);
  assert.deepEqual(await phrases({ phrase: 'very very very' }), []);
  assert.deepEqual(await phrases({ phrase: '' }), []);
  assert.deepEqual(await phrases({ phrase: 'été à' }), [5]);
  assert.deepEqual(await (await titled(t, TITLES, {}))({ phrase: 'quick brown' }), []);
  assert.deepEqual(await (await titled(t, TITLES, undefined))({ phrase: 'quick brown' }), [1]);
});

test('match.text_any wants one of the words', async (t) => {
  const indexed = await titled(t, TITLES, {});
  assert.deepEqual(await indexed({ text_any: 'fox MUCH nothing' }), [1, 4]);
  assert.deepEqual(await indexed({ text_any: ' ' }), []);
  const plain = await titled(t, TITLES, undefined);
  // Without an index its words are pieces of text, as they are written.
  assert.deepEqual(await plain({ text_any: 'Quic Par' }), [2, 5]);
});

test('a text index keeps to its lengths, its case and its stop words', async (t) => {
  const lengths = await titled(t, TITLES, { min_token_len: 3, max_token_len: 4 });
  assert.deepEqual(await lengths({ text: 'the quick' }), [1]);
  assert.deepEqual(await lengths({ text: 'quick' }), []);
  const cased = await titled(t, TITLES, { lowercase: false });
  assert.deepEqual(await cased({ text: 'Quick' }), [2]);
  const stopped = await titled(t, TITLES, { stopwords: { custom: ['The', 'brown'] }, phrase_matching: true });
  assert.deepEqual(await stopped({ text: 'the' }), []);
  assert.deepEqual(await stopped({ phrase: 'quick fox' }), [1]);
  const starts = await titled(t, TITLES, { tokenizer: 'prefix', min_token_len: 2, max_token_len: 3 });
  assert.deepEqual(await starts({ text: 'quiet' }), [1, 2, 3]);
  assert.deepEqual(await starts({ text: 'q' }), []);
});

test('a text index follows changes of the payload', async (t) => {
  const { client } = await startLocal(t);
  await withPayloads(client, 'c', [{ title: 'one two' }, { title: 'two three' }]);
  await client.createPayloadIndex('c', { wait: true, field_name: 'title', field_schema: 'text' });
  await client.setPayload('c', { wait: true, points: [1], payload: { title: 'three' } });
  await client.delete('c', { wait: true, points: [2] });
  const ids = async (text: string): Promise<unknown[]> =>
    (await client.scroll('c', { filter: key('title', { match: { text } }) })).points.map((point) => point.id);
  assert.deepEqual([await ids('two'), await ids('three')], [[], [1]]);
});

test('match.prefix is the start of a keyword, case and all', async (t) => {
  const plain = await titled(t, ['abc', 'Abc', ['x', 'abd'], 'cab', 5], undefined);
  assert.deepEqual(await plain({ prefix: 'ab' }), [1, 3]);
});
