import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivedId } from '@afk/bus';
import { batchNoteOf } from './batch-note.ts';
import { toFlowRow } from './flow-row.ts';

const at = new Date('2025-11-21T10:00:00Z');
const id = '01990000-0000-7000-8000-00000000000a';
const note = (event: object) =>
  batchNoteOf(toFlowRow('any', JSON.stringify({ id: 'e1', batch_id: id, ...event }), at));

test('counts, by event', () => {
  const counted = [
    ['xml_processing_complete', 'headlines'],
    ['topics_built', 'topics'],
    ['trends_built', 'trends'],
    ['index_complete', 'indexed'],
  ] as const;
  for (const [event, name] of counted) assert.deepEqual(note({ event, count: 7 }), { id, [name]: 7 });
});

test('the page stands: complete; a stage gave up: failed', () => {
  assert.deepEqual(note({ event: 'site_built', pages: 9 }), { id, status: 'complete', at });
  for (const event of ['classifier-bridge_failed', 'front_failed']) {
    assert.deepEqual(note({ event }), { id, status: 'failed', at });
  }
});

test('the extractor gives up before it names a batch: its trigger does', () => {
  const failed = { event: 'extractor_failed', batch_id: undefined, failed_id: 'trigger-1' };
  assert.deepEqual(note(failed), { id: derivedId('batch', 'trigger-1'), status: 'failed', at });
  assert.equal(note({ ...failed, failed_id: undefined }), undefined);
  assert.equal(note({ ...failed, event: 'front_failed' }), undefined);
});

test('nothing, where it says nothing or nothing that fits', () => {
  for (const event of [
    { event: 'headlines_classified', count: 7 },
    { event: 'topics_built' },
    ...['7', -1, 1.5, 1e12, null, {}].map((count) => ({ event: 'topics_built', count })),
    { event: 'site_built', batch_id: 'b1' },
    { event: 'site_built', batch_id: '-'.repeat(36) },
    { event: 'site_built', batch_id: undefined },
    { event: undefined },
  ]) {
    assert.equal(note(event), undefined, JSON.stringify(event));
  }
  assert.equal(batchNoteOf(toFlowRow('any', 'not json', at)), undefined);
});
