import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { http } from '@afk/contracts';
import { pipeline } from '../testing/app.ts';
import { stagesOf } from './stages.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 10, 0, second)).toISOString();

function heard(channel: string, event: string, second: number, more: object = {}): http.FlowEvent {
  const id = `${event}-${second}`;
  const payload = { event, id, timestamp: at(second), ...more };
  return { at: at(second + 1), channel, event, id, batch_id: 'b', correlation_id: 'c', payload };
}

const line = [
  heard('ofelia', 'trigger-xml-headlines-extractor', 1),
  heard('extractor', 'xml_processing_complete', 4, { count: 40 }),
  heard('classifier-bridge', 'headlines_classified', 6, { count: 40 }),
  heard('topic-builder', 'topics_built', 9, { count: 7 }),
  heard('topic-builder', 'trends_built', 10, { count: 5 }),
  heard('classifier-bridge', 'trends_classified', 12, { count: 5 }),
  heard('semantic-matcher', 'index_complete', 20, { count: 40 }),
  heard('front', 'site_built', 30, { pages: 8 }),
];
const brief = (stages: ReturnType<typeof stagesOf>) =>
  stages.map((s) => [s.service, s.event, s.seconds, s.count]);

test('each stage goes from the event that set it off to its own', () => {
  const stages = stagesOf(pipeline, at(0), line);
  assert.deepEqual(brief(stages), [
    ['extractor', 'xml_processing_complete', 3, 40],
    ['classifier-bridge', 'headlines_classified', 2, 40],
    ['topic-builder', 'topics_built', 3, 7],
    ['topic-builder', 'trends_built', 1, 5],
    ['classifier-bridge', 'trends_classified', 2, 5],
    ['semantic-matcher', 'index_complete', 8, 40],
    ['front', 'site_built', 10, null],
  ]);
  assert.deepEqual([stages[0]!.started_at, stages[0]!.finished_at], [at(1), at(4)]);
});

test('a stage whose event is missing begins with the run', () => {
  assert.deepEqual(brief(stagesOf(pipeline, at(0), line.slice(1, 2))), [
    ['extractor', 'xml_processing_complete', 4, 40],
  ]);
});

test('events heard out of order are put in the order in which they were sent', () => {
  assert.deepEqual(stagesOf(pipeline, at(0), line.toReversed()), stagesOf(pipeline, at(0), line));
});

test('a failure begins with the event that failed', () => {
  const failed = heard('classifier-bridge', 'classifier-bridge_failed', 50, {
    failed_id: 'xml_processing_complete-4',
  });
  const stages = stagesOf(pipeline, at(0), [...line, failed]);
  assert.deepEqual(brief(stages).at(-1), ['classifier-bridge', 'classifier-bridge_failed', 46, null]);
});

test('what no service of the pipeline publishes is no stage; no stage has less than no time', () => {
  const odd = [
    heard('stranger', 'xml_processing_complete', 2),
    heard('extractor', 'made_up', 2),
    heard('extractor', 'xml_processing_complete', -5, { count: 'many' }),
    { ...heard('front', 'site_built', 3), payload: null },
  ];
  assert.deepEqual(brief(stagesOf(pipeline, at(0), odd)), [
    ['extractor', 'xml_processing_complete', 0, null],
    ['front', 'site_built', 4, null],
  ]);
});
