import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { http, type RequestOf } from '@afk/contracts';
import { problemOf } from '../testing/problem.ts';
import { hit, replyOf, searching, type Answer } from '../testing/searching.ts';
import { headline, hours, ids } from '../testing/world.ts';

describe('search over HTTP', async () => {
  const { app, served, close } = await searching();
  after(close);

  const search = (query: string) => app.inject(`/api/v1/search?${query}`);
  async function found(query: string): Promise<http.SearchResult> {
    const response = await search(query);
    assert.equal(response.statusCode, 200, response.body);
    const body: unknown = response.json();
    const result = http.searchResult.parse(body);
    assert.deepEqual(body, result, 'nothing but what the schema says: the answer is not checked on its way');
    return result;
  }
  /** Answers nothing found, and keeps what it was asked. */
  function listening(reply: Partial<ReturnType<typeof replyOf>> = {}) {
    const heard: RequestOf<'splade_search'>[] = [];
    const answer: Answer = async (input) => {
      heard.push(input);
      return replyOf(reply);
    };
    return { heard, answer };
  }

  test('hits come in their order with their headlines; those whose row is gone are left out', async () => {
    const hits = [1, 99, 0, 6].map((n, i) => hit(headline(n), { score: 1 - i / 10 }));
    const { answer } = listening({ hits: [...hits, hit('no-uuid')], total: 5 });
    await served(answer, async () => {
      const { items, query, encoder, total, next } = await found('q=%20high%09water%20&limit=5');
      assert.deepEqual(
        items.map((h) => [h.id, h.relevance, h.trend_id]),
        [
          [headline(1), 1, ids.flood],
          [headline(0), 0.8, ids.flood],
          [headline(6), 0.7, null],
        ],
      );
      assert.deepEqual([query, total, next], ['high water', 5, null]);
      assert.deepEqual(encoder, { sparse: 'bm25-1', dense: 'lsa-1' });
    });
  });

  test('what is asked of the search service, and nothing else', async () => {
    const { heard, answer } = listening();
    const filters = 'category=weather&language=fr&publisher=Le+Phare&from=2026-01-01T00:00:00Z';
    await served(answer, async () => {
      await found(
        `q=%20high%09water%20&limit=5&${filters}&sort=recent&collapse=false&facets=day,category,day`,
      );
      await found(`like=${headline(0)}&q=-rain+publisher:lamp`);
    });
    const clock = hours(1).toISOString();
    const { id: _id, ...asked } = heard[0] as (typeof heard)[0] & { id?: string };
    assert.deepEqual(asked, {
      query: 'high water',
      limit: 5,
      offset: 0,
      category: 'weather',
      language: 'fr',
      publisher: 'Le Phare',
      from: '2026-01-01T00:00:00Z',
      // The clock of the run that began last: a replay does not know what comes after it.
      to: clock,
      clock,
      sort: 'recent',
      collapse: false,
      facets: ['day', 'category'],
    });
    assert.deepEqual(
      [heard[1]!.like, heard[1]!.query, heard[1]!.collapse],
      [headline(0), '-rain publisher:lamp', true],
    );
  });

  test('nothing after the clock of the last run, whatever is asked for', async () => {
    const { heard, answer } = listening();
    const clock = hours(1).toISOString();
    const [before, after] = ['2026-01-31T11:59:59%2B01:00', '2026-02-01T00:00:00Z'];
    await served(answer, async () => {
      for (const to of [before, after]) await found(`q=x&to=${to}`);
      await found(`q=x&from=${after}&to=${after}`);
    });
    assert.deepEqual(
      heard.map((h) => h.to),
      ['2026-01-31T11:59:59+01:00', clock, clock],
    );
  });

  test('every hit says why: ranks, and where the words stand, misspelt ones as they were meant', async () => {
    const hits = [
      hit(headline(0), { sparse_rank: 1, dense_rank: 4 }),
      hit(headline(3), { sparse_rank: null, dense_rank: 2 }),
    ];
    const corrections = [{ word: 'rivr', to: 'river' }];
    const { answer } = listening({ hits, searched: 'rivers dawn', corrections, notes: ['A note.'] });
    await served(answer, async () => {
      const result = await found('q=rivr+%22at+dawn%22');
      assert.deepEqual(
        [result.corrections, result.notes, result.searched],
        [corrections, ['A note.'], 'rivers dawn'],
      );
      const [river, budget] = result.items;
      assert.deepEqual(river!.why, {
        sparse_rank: 1,
        dense_rank: 4,
        matched: ['River'],
        title: [[0, 5]],
        summary: [],
      });
      // Budget: a vote at dawn
      assert.deepEqual([budget!.why.title, budget!.why.matched], [[[15, 22]], ['at dawn']]);
      assert.deepEqual([budget!.why.sparse_rank, budget!.why.dense_rank], [null, 2]);
    });
  });

  test('a phrase is marked as it was meant, and the words as they were typed can be asked for', async () => {
    const corrections = [
      { word: 'Dwan', to: 'dawn' },
      { word: 'rivr', to: 'river' },
    ];
    const { answer } = listening({ hits: [hit(headline(3))], searched: 'at dawn river', corrections });
    await served(answer, async () => {
      const result = await found('q=%22at+Dwan%22+rivr');
      assert.deepEqual(result.items[0]!.why.matched, ['at dawn']);
      assert.equal(result.as_typed, '"at Dwan" "rivr" "Dwan"');
      const long = `rivr ${'x'.repeat(993)}`;
      assert.equal((await found(`q=${long}`)).as_typed, null, 'too long to be asked for');
    });
    await served(listening({ searched: 'rain' }).answer, async () => {
      assert.equal((await found('q=rain')).as_typed, null);
    });
  });

  test('any language that a facet may count', async () => {
    const { heard, answer } = listening();
    await served(answer, async () => {
      for (const code of ['fr', 'de', 'und']) {
        await found(`q=rain&language=${code}`);
        await found(`q=rain+language:${code}`);
        assert.equal((await app.inject(`/api/v1/search.rss?q=rain&language=${code}`)).statusCode, 200);
      }
      for (const wrong of ['DE', 'german', 'd', '']) {
        const [error] = problemOf(await search(`q=rain&language=${wrong}`), 400).errors!;
        assert.equal(error!.field, 'language');
        assert.match(error!.message, /an ISO 639-1 code, such as fr; or und/);
      }
      assert.match(
        problemOf(await search('q=language:german'), 400).errors![0]!.message,
        /"language:german" is no language; such as fr/,
      );
    });
    assert.deepEqual(
      heard.map((h) => h.language ?? h.query),
      ['fr', 'de', 'und'].flatMap((code) => [code, `rain language:${code}`, code]),
    );
  });

  test('the rest of a story stands behind its best hit, without what is gone', async () => {
    const also = [headline(1), headline(99), headline(2)];
    const { answer } = listening({ hits: [hit(headline(0), { story: ids.flood, also, others: 7 })] });
    await served(answer, async () => {
      const [first] = (await found('q=river')).items;
      assert.equal(first!.story.others, 6);
      assert.deepEqual(first!.story.items[0], {
        id: headline(1),
        title: 'La rivière déborde',
        url: 'https://lamp.example/1',
        publisher: 'Le Phare',
      });
      assert.deepEqual(
        first!.story.items.map((h) => h.id),
        [headline(1), headline(2)],
      );
    });
  });

  test('facets are told as they were counted; the time is split', async () => {
    const facets = { category: [{ value: 'weather', count: 3 }], day: [{ value: '2026-01-31', count: 2 }] };
    const { answer } = listening({ facets, took_ms: { encode: 0.25, vectors: 2.5, total: 4 } });
    await served(answer, async () => {
      const { facets: told, took_ms } = await found('q=x&facets=category,day');
      assert.deepEqual(told, facets);
      assert.deepEqual([took_ms.encode, took_ms.vectors], [0.3, 2.5]);
      assert.ok(took_ms.bus >= 0 && took_ms.total > 0);
    });
  });

  test('pages follow each other to the end, at the clock of the first', async () => {
    const heard: RequestOf<'splade_search'>[] = [];
    const all = [0, 1, 2, 3, 4].map((n) => hit(headline(n)));
    const answer: Answer = async (input) => {
      heard.push(input);
      return replyOf({ hits: all.slice(input.offset, input.offset + input.limit), total: all.length });
    };
    await served(answer, async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { items, next }: http.SearchResult = await found(
          `q=rain&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        seen.push(...items.map((h) => h.id));
        cursor = next;
      }
      assert.deepEqual(
        seen,
        all.map((h) => h.id),
      );
    });
    assert.deepEqual(
      heard.map((h) => [h.offset, h.clock, h.to]),
      [0, 2, 4].map((offset) => [offset, hours(1).toISOString(), hours(1).toISOString()]),
    );
  });

  test('the list ends at 200 hits, whatever there are', async () => {
    const { answer } = listening({ total: 5000 });
    await served(answer, async () => {
      const first = await found('q=x&limit=100');
      const second = await found(`q=x&limit=100&cursor=${first.next}`);
      assert.equal(second.next, null);
    });
  });

  test('a cursor is good for its question alone, and as it was given', async () => {
    const { answer } = listening({ total: 90 });
    await served(answer, async () => {
      const { next } = await found('q=rain&sort=recent');
      const others = [
        'q=rain',
        'q=snow&sort=recent',
        'q=rain&sort=recent&collapse=false',
        'q=rain&sort=recent&language=fr',
      ];
      const [letter, later] = [
        next!.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
        Buffer.from('40 1 aaaaaaaaaaaaaaaaaaaaaa'),
      ];
      const forged = [
        letter,
        `${next}=`,
        `${next}%20`,
        'x',
        '%00',
        later.toString('base64url'),
        'A'.repeat(200),
      ];
      const asked = [
        ...others.map((q) => `${q}&cursor=${next}`),
        ...forged.map((c) => `q=rain&sort=recent&cursor=${c}`),
      ];
      for (const query of asked) {
        const problem = problemOf(await search(query), 400);
        assert.deepEqual(
          problem.errors?.map((e) => e.field),
          ['cursor'],
          query,
        );
      }
      await found(`sort=recent&q=rain&cursor=${next}&limit=7&facets=day`);
    });
  });

  test('a query that says what cannot be understood: 400 in words that name it, nobody is asked', async () => {
    const { heard, answer } = listening();
    const wrong: [string, RegExp][] = [
      ['q=after:someday', /"after:someday" is no day/],
      ['q=category:gossip', /"category:gossip" is none of arts/],
      ['q=-after:3d', /"-after:" has no meaning/],
      [`q=${'-a '.repeat(40)}`, /more than 32/],
      [`q=river&like=${headline(0)}`, /words beside "like"/],
      [`q=%22river%22&like=${headline(0)}`, /words beside "like"/],
    ];
    await served(answer, async () => {
      for (const [query, words] of wrong) {
        const problem = problemOf(await search(query), 400);
        assert.equal(problem.errors?.[0]?.field, 'q', query);
        assert.match(problem.errors[0].message, words);
      }
      assert.match(problemOf(await search(`like=${headline(99)}`), 404).detail!, /There is no headline/);
    });
    assert.equal(heard.length, 0);
  });

  test('more like a headline says which', async () => {
    const { answer } = listening({ hits: [hit(headline(1), { sparse_rank: null, dense_rank: 1 })] });
    await served(answer, async () => {
      const { like, query, items } = await found(`like=${headline(0)}`);
      assert.deepEqual([like?.title, query, items.length], ['River over its banks', '', 1]);
      assert.equal((await found('q=river')).like, null);
    });
  });
});
