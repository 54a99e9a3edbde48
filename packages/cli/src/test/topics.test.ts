import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { saveFeeds, saveHeadlines, type NewHeadline } from '@afk/database';
import { freshDatabase, type TestDatabase } from '@afk/local/testing';
import { momentOf } from '../period.ts';
import { createProgram } from '../program.ts';

const now = Date.now();
const subjects = {
  volcano: ['Volcano ash grounds flights', 'Volcano lava reaches village', 'Ash cloud volcano warning'],
  election: ['Election polls open', 'Candidates debate election', 'Election turnout breaks record'],
};

function headlines(): NewHeadline[] {
  return Object.values(subjects).flatMap((titles, s) =>
    Array.from({ length: 24 }, (_, i) => ({
      id: `40000000-0000-4000-8000-${String(s * 100 + i).padStart(12, '0')}`,
      key: `k${s}-${i}`,
      title: `${titles[i % 3]} on day ${i}`,
      url: `https://a.example/${s}/${i}`,
      summary: '',
      publisher: 'A',
      language: 'en',
      publishedAt: new Date(now - (i + s) * 24 * 3_600_000 - 60_000),
    })),
  );
}

describe('afk topics', async () => {
  let db: TestDatabase;
  before(async () => {
    db = await freshDatabase();
    await saveFeeds(db.pool, [{ url: 'https://a.example', title: 'A', language: 'en' }], {
      source: 'opml',
      at: new Date(now),
    });
    const feedId = (await db.pool.query<{ id: string }>('select id from feeds')).rows[0]!.id;
    const context = { feedId, batchId: headlines()[0]!.id, seenAt: new Date(now), demo: false };
    await saveHeadlines(db.pool, headlines(), context);
  });
  after(() => db.drop());

  async function afk(...args: string[]): Promise<string> {
    let printed = '';
    const program = createProgram({ DATABASE_URL: db.url, INIT_CWD: '/' }, (text) => (printed += text));
    program.exitOverride().configureOutput({ writeErr: () => {} });
    for (const command of program.commands) command.exitOverride();
    await program.parseAsync(['node', 'afk', ...args]);
    return printed.trim();
  }

  test('tells what the headlines are about, with words and a headline of each', async () => {
    const text = await afk('topics', '--since', '30d', '--k', '2');
    assert.match(text, /^48 headlines from .*: 2 topics in \d groups?/);
    assert.match(text, /volcano/i);
    assert.match(text, /election/i);
    assert.equal(await afk('topics', '--since', '30d', '--k', '2'), text, 'twice the same');
  });

  test('as JSON: every headline is in one topic or in none', async () => {
    const found = JSON.parse(await afk('--json', 'topics', '--since', '10d', '--k', '2'));
    const members = found.topics.flatMap((t: { members: string[] }) => t.members);
    assert.equal(new Set(members).size, members.length);
    assert.equal(members.length + found.outliers.length, found.headlines);
    assert.ok(found.headlines < 24, `${found.headlines} of ten days`);
    assert.equal(found.time.totals.length, 12);
  });

  test('nothing to tell of is told; what makes no sense is refused and named', async () => {
    assert.match(
      await afk('topics', '--since', '2001-01-01', '--until', '2001-02-01'),
      /^no headlines from 2001/,
    );
    assert.match(await afk('topics', '--language', 'fr'), /^no headlines/);
    await assert.rejects(afk('topics', '--since', 'yesterday'), /--since yesterday: neither a period/);
    await assert.rejects(
      afk('topics', '--since', '1d', '--until', '2d'),
      /--since 1d: not before --until 2d/,
    );
    await assert.rejects(afk('topics', '--k', 'many'), /k NaN/);
  });
});

test('a moment is a period before now, or a date', () => {
  const at = new Date('2026-01-31T12:00:00Z');
  assert.equal(momentOf('--since', '36h', at).toISOString(), '2026-01-30T00:00:00.000Z');
  assert.equal(momentOf('--since', '2w', at).toISOString(), '2026-01-17T12:00:00.000Z');
  assert.equal(momentOf('--since', '2026-01-02', at).toISOString(), '2026-01-02T00:00:00.000Z');
  for (const bad of ['', '5', '5m', '-3d', 'Infinityd', '2026-99-99']) {
    assert.throws(() => momentOf('--since', bad, at), /--since/);
  }
});
