import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findTopics, findTopicsAsync, findTopicsInTokens } from './find-topics.ts';
import { planted, subjectOf } from './testing/planted.ts';
import type { FoundTopics, TokenDoc, TopicDoc } from './types.ts';

const topicIds = (found: FoundTopics, docs: readonly { id: string }[]): string[][] =>
  found.topics.map(({ members }) => members.map((member) => docs[member]!.id));

describe('planted subjects', () => {
  const docs = planted({ topics: 7, docs: 280 });
  for (const k of [7, 'auto'] as const) {
    test(`are found with k = ${k}, and named by their own words`, () => {
      const { topics, outliers } = findTopicsInTokens(docs, { k });
      assert.equal(topics.length, 7);
      for (const { members, keywords } of topics) {
        const subjects = new Set(members.map((member) => subjectOf(docs[member]!.id, 7)));
        assert.equal(subjects.size, 1);
        assert.equal(keywords.length, 10);
        for (const { word } of keywords) assert.match(word, new RegExp(`^s${[...subjects][0]}w`));
      }
      assert.ok(outliers.length <= 5, `${outliers.length} outliers`);
    });
  }

  test('are found where there are more docs than the start is learnt from', () => {
    const many = planted({ topics: 5, docs: 10_500, words: 12 });
    const { topics, outliers } = findTopicsInTokens(many, { k: 5 });
    assert.equal(topics.length, 5);
    for (const { members } of topics) {
      const strays = members.filter((doc) => doc % 5 !== members[0]! % 5).length;
      assert.ok(strays <= members.length / 50, `${strays} of ${members.length} are of other subjects`);
    }
    assert.ok(outliers.length <= many.length / 20, `${outliers.length} outliers`);
  });

  test('another seed finds the same ones', () => {
    const sets = [1, 2, 3].map((seed) =>
      topicIds(findTopicsInTokens(docs, { k: 7, seed, outliers: 'assign' }), docs).map((ids) => ids.join()),
    );
    assert.deepEqual(sets[1]!.toSorted(), sets[0]!.toSorted());
    assert.deepEqual(sets[2]!.toSorted(), sets[0]!.toSorted());
  });

  test('every doc is in one topic or among the outliers, and shares say how many', () => {
    const { topics, parents, outliers } = findTopicsInTokens(docs, { k: 5 });
    const all = [...topics.flatMap(({ members }) => members), ...outliers];
    assert.deepEqual(
      all.toSorted((a, b) => a - b),
      [...docs.keys()],
    );
    for (const { size, share, members } of topics)
      assert.deepEqual([size, share], [members.length, size / 280]);
    assert.deepEqual(
      topics.map(({ size }) => size),
      topics.map(({ size }) => size).toSorted((a, b) => b - a),
    );
    assert.equal(
      parents.reduce((sum, { size }) => sum + size, 0),
      280 - outliers.length,
    );
  });

  test('representatives are members, most central first', () => {
    for (const { members, representatives } of findTopicsInTokens(docs, { k: 7 }).topics) {
      assert.equal(representatives.length, 3);
      for (const doc of representatives) assert.ok(members.includes(doc));
    }
  });
});

describe('the same result', () => {
  const docs = planted({ topics: 5, docs: 150 }).map((doc, i) => ({ ...doc, publishedAt: 1000 * (i % 40) }));

  test('comes from two runs, to the byte', () => {
    const run = (): string => JSON.stringify(findTopicsInTokens(docs, { k: 6, seed: 4 }));
    assert.equal(run(), run());
  });

  test('comes from the docs in another order', () => {
    const turned = [...docs.slice(77), ...docs.slice(0, 77)].toReversed();
    const named = (given: TokenDoc[]): unknown => {
      const found = findTopicsInTokens(given, { k: 6 });
      const idOf = (index: number): string => given[index]!.id;
      return {
        ...found,
        outliers: found.outliers.map(idOf),
        topics: found.topics.map((topic) => ({
          ...topic,
          members: topic.members.map(idOf),
          representatives: topic.representatives.map(idOf),
        })),
      };
    };
    assert.deepEqual(named(turned), named(docs));
  });

  test('comes in turns with the event loop', async () => {
    const texts = docs.map(({ id, tokens }) => ({ id, text: tokens.join(' '), language: 'en' }));
    assert.deepEqual(await findTopicsAsync(texts, { k: 5 }), findTopics(texts, { k: 5 }));
  });
});

describe('outliers', () => {
  // Two docs that share only common words with the rest, and one that shares nothing with any.
  const subjects = planted({ topics: 4, docs: 120 });
  const odd = [
    { id: 'odd-1', tokens: ['common1', 'common2', 'zebra', 'quark', 'zebra', 'quark', 'quark'] },
    { id: 'odd-2', tokens: ['common3', 'common4', 'zebra', 'quark', 'zebra', 'zebra'] },
    { id: 'odd-3', tokens: ['nothing', 'of', 'the', 'kind'] },
  ];
  const docs = [...subjects, ...odd];

  test('are kept out', () => {
    const { outliers } = findTopicsInTokens(docs, { k: 4 });
    for (const doc of [120, 121, 122]) assert.ok(outliers.includes(doc), `${docs[doc]!.id} is in a topic`);
  });

  test('are assigned where they are near enough, else left', () => {
    const assigned = findTopicsInTokens(docs, { k: 4, outliers: 'assign', leastSimilarity: 0 });
    assert.deepEqual(assigned.outliers, [122], 'only the doc without a shared word');
    const strict = findTopicsInTokens(docs, { k: 4, outliers: 'assign', leastSimilarity: 1 });
    assert.deepEqual(strict.outliers, findTopicsInTokens(docs, { k: 4 }).outliers);
  });

  test('a group below the least size is no topic', () => {
    const { topics, outliers } = findTopicsInTokens(docs, { k: 5, minSize: 10 });
    assert.equal(topics.length, 4);
    assert.ok(outliers.includes(120) && outliers.includes(121));
  });
});

test('parents gather the topics that share words', () => {
  // Subjects 0 and 1 have a field in common, and so have 2 and 3.
  const docs = planted({ topics: 4, docs: 160 }).map((doc, i) => ({
    ...doc,
    tokens: [...doc.tokens, ...Array.from({ length: 12 }, (_, n) => `field${Math.floor((i % 4) / 2)}x${n}`)],
  }));
  const { topics, parents } = findTopicsInTokens(docs, { k: 4 });
  assert.deepEqual([topics.length, parents.length], [4, 2]);
  for (const [p, parent] of parents.entries()) {
    const fields = parent.topics.flatMap((topic) =>
      topics[topic]!.members.map((doc) => Math.floor((doc % 4) / 2)),
    );
    assert.equal(new Set(fields).size, 1);
    assert.ok(parent.keywords.some(({ word }) => word.startsWith(`field${fields[0]}`)));
    for (const topic of parent.topics) assert.equal(topics[topic]!.parent, p);
  }
});

describe('over time', () => {
  test('a topic is counted in the buckets of its docs, against all docs there', () => {
    const DAY = 86_400_000;
    // Subject 0 in the first half of ten days, subject 1 in the second.
    const docs = planted({ topics: 2, docs: 100 }).map((doc, i) => ({
      ...doc,
      publishedAt: (i % 2 === 0 ? 0 : 5 * DAY) + (DAY / 10) * Math.floor(i / 2),
    }));
    const { topics, time } = findTopicsInTokens(docs, { k: 2, buckets: 2, outliers: 'assign' });
    assert.equal(time?.from, 0);
    assert.deepEqual(time?.totals, [50, 50]);
    assert.deepEqual(topics.map(({ counts }) => counts).toSorted(), [
      [0, 50],
      [50, 0],
    ]);
    assert.deepEqual(topics.map(({ shares }) => shares).toSorted(), [
      [0, 1],
      [1, 0],
    ]);
  });

  test('docs without a time are in no bucket; without any time there are none', () => {
    const docs = planted({ topics: 2, docs: 40 });
    const { time, topics } = findTopicsInTokens(docs, { k: 2 });
    assert.deepEqual([time, topics[0]?.counts], [null, []]);
    const some = docs.map((doc, i) => (i < 10 ? { ...doc, publishedAt: 5 } : doc));
    const timed = findTopicsInTokens(some, { k: 2, buckets: 3 });
    assert.deepEqual(timed.time?.totals, [10, 0, 0]);
  });
});

describe('small and strange collections', () => {
  const same = Array.from({ length: 8 }, (_, i) => ({ id: `d${i}`, tokens: ['alpha', 'beta', 'gamma'] }));
  test('nothing in, nothing out', () => {
    assert.deepEqual(findTopics([]), { topics: [], parents: [], outliers: [], time: null });
  });
  test('one doc is an outlier', () => {
    assert.deepEqual(
      findTopics([{ id: 'a', text: 'One lonely text', language: 'en' }], { k: 3 }).outliers,
      [0],
    );
  });
  test('docs without a word, or without a shared one, are outliers', () => {
    const texts = ['', '…', 'quartz', 'walrus'].map((text, i) => ({ id: `d${i}`, text, language: 'en' }));
    const { topics, outliers } = findTopics(texts, { k: 2, minSize: 2 });
    assert.deepEqual([topics, outliers], [[], [0, 1, 2, 3]]);
  });
  for (const k of [3, 'auto'] as const) {
    test(`the same doc again and again is one topic (k = ${k})`, () => {
      const { topics, outliers } = findTopicsInTokens(same, { k });
      assert.deepEqual(
        topics.map(({ members }) => members),
        [[0, 1, 2, 3, 4, 5, 6, 7]],
      );
      assert.deepEqual(topics[0]!.keywords.map(({ word }) => word).toSorted(), ['alpha', 'beta', 'gamma']);
      assert.deepEqual(outliers, []);
    });
  }
  test('k beyond what there is gives what there is', () => {
    const docs = planted({ topics: 3, docs: 30 });
    const { topics } = findTopicsInTokens(docs, { k: 500, minSize: 2 });
    assert.ok(topics.length >= 1 && topics.length <= 15, `${topics.length} topics`);
  });
});

describe('refused', () => {
  const docs = planted({ topics: 2, docs: 20 });
  const bad = [
    [{ k: 0 }, /k 0/],
    [{ k: 2.5 }, /k 2.5/],
    [{ k: NaN }, /k NaN/],
    [{ minSize: 1 }, /minSize 1/],
    [{ seed: -1 }, /seed -1/],
    [{ keywords: 0 }, /keywords 0/],
    [{ buckets: 0 }, /buckets 0/],
    [{ leastSimilarity: 2 }, /leastSimilarity 2/],
    [{ outliers: 'drop' as 'keep' }, /outliers drop/],
  ] as const;
  for (const [options, message] of bad) {
    test(`${JSON.stringify(options)}`, () => {
      assert.throws(() => findTopicsInTokens(docs, options), { name: 'RangeError', message });
    });
  }
  test('a doc whose time is no number, by its id', () => {
    const late: TopicDoc[] = [{ id: 'x7', text: 'a', language: 'en', publishedAt: NaN }];
    assert.throws(() => findTopics(late), { name: 'RangeError', message: /"x7".*NaN/ });
  });
});

describe('cancelling', () => {
  test('stops an asynchronous run with the reason of the signal', async () => {
    const texts = planted({ topics: 5, docs: 2000 }).map(({ id, tokens }) => ({
      id,
      text: tokens.join(' '),
      language: 'en',
    }));
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = findTopicsAsync(texts, { k: 5, signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await assert.rejects(run, reason);
  });
  test('before the start, nothing is computed', () => {
    const signal = AbortSignal.abort(new Error('too late'));
    assert.throws(() => findTopics([], { signal }), /too late/);
  });
});
