import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  assertPipeline,
  checkPipeline,
  events,
  parsePipeline,
  PipelineError,
  requestChannels,
  subscribersOf,
  workChannels,
} from './index.ts';

const file = readFileSync(new URL('../../../pipeline.json', import.meta.url), 'utf8');

type Draft = Record<string, never> & {
  services: Record<string, Record<string, unknown>>;
  sources: Record<string, unknown>;
};

/** What is wrong with the repository's pipeline after this change to it. */
function problemsAfter(change: (draft: Draft) => void): string[] {
  const draft = JSON.parse(file) as Draft;
  change(draft);
  return checkPipeline(parsePipeline(JSON.stringify(draft)));
}

/** What is said of a text that is not in the shape of a pipeline. */
function refusalOf(text: string): string[] {
  try {
    parsePipeline(text);
  } catch (error) {
    assert.ok(error instanceof PipelineError);
    assert.ok(error.message.startsWith('pipeline.json cannot run:\n  - '));
    return [...error.problems];
  }
  assert.fail('it was taken');
}
const refusalAfter = (change: (draft: Draft) => void): string[] => {
  const draft = JSON.parse(file) as Draft;
  change(draft);
  return refusalOf(JSON.stringify(draft));
};

test('the pipeline of the repository can run, and every schema of an event is used in it', () => {
  const pipeline = assertPipeline(parsePipeline(file));
  const named = [
    ...Object.values(pipeline.sources).flatMap((s) => s.events),
    ...Object.values(pipeline.services).flatMap((s) => s.publishes.flatMap((p) => p.events)),
  ];
  assert.deepEqual(named.toSorted(), Object.keys(events).toSorted());
});

test('the line: from the trigger every step is woken by the one before it', () => {
  const { services } = parsePipeline(file);
  const reached = new Set(['trigger-xml-headlines-extractor']);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const { subscribes, publishes } of Object.values(services)) {
      if (!subscribes.some((l) => l.events.some((e) => reached.has(e)))) continue;
      for (const event of publishes.flatMap((p) => p.events)) reached.add(event);
    }
  }
  assert.ok(reached.has('site_built'));
});

test('what is not said has a default', () => {
  const { api, extractor } = parsePipeline(file).services;
  assert.deepEqual([api!.subscribes, api!.concurrency, api!.retry.attempts], [[], 1, 5]);
  assert.deepEqual(extractor!.asks, []);
});

test('who takes what from where', () => {
  const pipeline = parsePipeline(file);
  assert.deepEqual(subscribersOf(pipeline, 'extractor'), [
    { service: 'classifier-bridge', events: ['xml_processing_complete'] },
  ]);
  assert.deepEqual(subscribersOf(pipeline, 'front'), []);
  assert.ok(workChannels(pipeline).includes('topic-builder'));
  assert.ok(!workChannels(pipeline).includes('*'), 'hearing everything is no work');
  assert.deepEqual(requestChannels(pipeline), ['splade_search']);
});

test('an event that nobody publishes', () => {
  const problems = problemsAfter((d) => {
    d.services['extractor']!['publishes'] = [{ channel: 'extractor', events: ['extractor_failed'] }];
  });
  assert.deepEqual(problems, [
    'service "classifier-bridge" subscribes to "xml_processing_complete" on "extractor", but nobody publishes it',
  ]);
  const clock = problemsAfter((d) => (d.sources = {}));
  assert.match(clock.join(), /"extractor" subscribes to "trigger-xml-headlines-extractor" on "ofelia", but/);
});

test('an event without a schema, sent and heard', () => {
  const problems = problemsAfter((d) => {
    d.services['front']!['publishes'] = [{ channel: 'front', events: ['site_painted'] }];
    d.services['api']!['subscribes'] = [{ channel: 'front', events: ['site_painted'] }];
  });
  assert.deepEqual(problems, [
    'service "front" publishes "site_painted", which has no schema in packages/contracts',
    'service "api" subscribes to "site_painted", which has no schema in packages/contracts',
  ]);
});

test('a required field that the schema does not have', () => {
  const problems = problemsAfter((d) => (d.services['front']!['required_fields'] = ['batch_id', 'mood']));
  assert.deepEqual(problems, [
    'service "front" requires "mood", which the schema of "index_complete" does not have',
  ]);
});

test("publishing on another's channel", () => {
  const problems = problemsAfter((d) => {
    d.services['front']!['publishes'] = [{ channel: 'api', events: ['site_built'] }];
  });
  assert.deepEqual(problems, ['service "front" publishes on "api": a channel is named after its emitter']);
});

test('asking where nobody serves, serving what has no schema', () => {
  const problems = problemsAfter((d) => (d.services['semantic-matcher']!['serves'] = ['oracle']));
  assert.deepEqual(problems, [
    'service "semantic-matcher" serves "oracle", which has no schema in packages/contracts',
    'service "api" asks on "splade_search", which no service serves',
  ]);
});

test('all faults are told at once', () => {
  const broken = JSON.parse(file) as Draft;
  broken.services['front']!['required_fields'] = ['mood'];
  broken.services['api']!['asks'] = ['oracle'];
  assert.throws(
    () => assertPipeline(parsePipeline(JSON.stringify(broken))),
    (error: Error) => /"mood"/.test(error.message) && /"oracle"/.test(error.message),
  );
});

test('a text that is not JSON', () => {
  const [problem, ...more] = refusalOf('{"pipeline": ');
  assert.match(problem!, /^it is not JSON: /);
  assert.equal(more.length, 0);
  assert.match(refusalOf('[]')[0]!, /^the file: .*expected object/);
});

test('an unknown key is named: a misspelt one must not count as absent', () => {
  assert.match(
    refusalAfter((d) => (d.services['front']!['retries'] = 3))[0]!,
    /^services\.front: .*"retries"/,
  );
  const inRetry = refusalAfter((d) => (d.services['front']!['retry'] = { attempts: 1, backoff: 5 }));
  assert.match(inRetry.join('\n'), /^services\.front\.retry: .*"backoff"/m);
});

test('each field of a wrong type is named by its path', () => {
  const problems = refusalAfter((d) => {
    d.services['front']!['concurrency'] = 'many';
    d.services['api']!['asks'] = 'splade_search';
    d.services['extractor']!['subscribes'] = [{ channel: 'ofelia', events: [] }];
    d.services['flow-listener']!['concurrency'] = 0;
  });
  const paths = problems.map((p) => p.slice(0, p.indexOf(':')));
  assert.deepEqual(paths.toSorted(), [
    'services.api.asks',
    'services.extractor.subscribes.0.events',
    'services.flow-listener.concurrency',
    'services.front.concurrency',
  ]);
});
