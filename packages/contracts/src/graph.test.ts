import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { edgesOf, parsePipeline, toMermaid } from './index.ts';

const file = readFileSync(new URL('../../../pipeline.json', import.meta.url), 'utf8');

const small = parsePipeline(
  JSON.stringify({
    pipeline: { name: 'small', version: '1', description: 'three services' },
    sources: { clock: { description: 'outside', events: ['tick'] } },
    services: {
      'first-one': {
        name: 'First',
        description: 'a stage',
        subscribes: [{ channel: 'clock', events: ['tick', 'tock'] }],
        serves: ['lookup'],
      },
      asker: { name: 'Asker', description: 'asks', asks: ['lookup', 'nobody-serves-this'] },
      ears: { name: 'Ears', description: 'hears all', subscribes: [{ channel: '*', events: ['*'] }] },
    },
  }),
);

test('an edge an event and a request that is served; hearing everything draws none', () => {
  assert.deepEqual(edgesOf(small), [
    { from: 'clock', to: 'first-one', label: 'tick', kind: 'event' },
    { from: 'clock', to: 'first-one', label: 'tock', kind: 'event' },
    { from: 'asker', to: 'first-one', label: 'lookup', kind: 'request' },
  ]);
});

test('a Mermaid flowchart: names that Mermaid can read, sources rounded, requests dotted', () => {
  assert.equal(
    toMermaid(small),
    [
      'flowchart LR',
      '  clock([clock])',
      '  first_one[first-one]',
      '  asker[asker]',
      '  ears[ears]',
      '  clock -- tick --> first_one',
      '  clock -- tock --> first_one',
      '  asker -. lookup .-> first_one',
    ].join('\n'),
  );
});

test('the graph of the repository: every arrow joins two nodes that are drawn', () => {
  const lines = toMermaid(parsePipeline(file)).split('\n');
  const drawn = new Set(lines.flatMap((l) => /^ {2}(\w+)[([]/.exec(l)?.[1] ?? []));
  const arrows = lines.flatMap((l) => {
    const [, from, to] = /^ {2}(\w+) -[-.] .* (?:-->|\.->) (\w+)$/.exec(l) ?? [];
    return from && to ? [[from, to]] : [];
  });
  assert.ok(arrows.length >= 8);
  assert.equal(lines.length, 1 + drawn.size + arrows.length, 'no line of another kind');
  for (const end of arrows.flat()) assert.ok(drawn.has(end), end);
  assert.ok(lines.includes('  api -. splade_search .-> semantic_matcher'));
});
