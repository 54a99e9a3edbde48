import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decode } from '../source/http.ts';
import { readFeed } from './read-feed.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = join(root, '..', 'shared', 'data', 'feeds-real', 'input');
const skip = existsSync(folder) ? false : 'no real feeds beside the repository (../shared/data/feeds-real)';

/** A page that says "moved"; feeds whose only entry has neither title nor link. */
const noFeed = ['unrecognized.rss'];
const noHeadline = ['incomplete-fields.atom', 'missing-fields.atom'];

const context = { url: 'https://feed.example/', title: '', language: null, now: new Date(), clamp: true };
const read = (file: string) => readFeed(decode(readFileSync(join(folder, file)), null), context);

test('31 real feeds are read, all but the one that is none', { skip }, () => {
  const files = readdirSync(folder);
  assert.equal(files.length, 31);
  let items = 0;
  for (const file of files) {
    if (noFeed.includes(file)) {
      assert.throws(() => read(file), /neither RSS, Atom nor JSON Feed/, file);
      continue;
    }
    const { headlines } = read(file);
    assert.equal(headlines.length === 0, noHeadline.includes(file), `${file}: ${headlines.length} items`);
    for (const { title, url, publisher } of headlines) {
      assert.ok(title && publisher && /^https?:/.test(url), file);
      assert.doesNotMatch(title, /<\/?[a-z]+>|&(?:amp|quot|#\d+);/, `${file}: ${title}`);
    }
    items += headlines.length;
  }
  assert.ok(items > 1200, `${items} items`);
});

test('as another reader counts them, and titles in their own charset', { skip }, () => {
  const count = (file: string) => read(file).headlines.length;
  const expected = { 'guardian.rss': 55, 'giantbomb-podcast.rss': 730, 'reddit.rss': 24, 'rss-1.rss': 69 };
  for (const [file, n] of Object.entries(expected)) assert.equal(count(file), n, file);
  assert.match(read('encoding.rss').headlines[0]!.title, /^Mãe de utente é a nova presidente/);
});
