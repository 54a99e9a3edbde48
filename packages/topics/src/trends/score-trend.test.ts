import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomOf } from '@afk/text';
import { backdropOf } from './backdrop.ts';
import { scoreTrend } from './score-trend.ts';
import type { Telling, TrendHistory, TrendScore } from './types.ts';

const HOUR = 3_600_000;
const until = Date.UTC(2026, 0, 31, 10);
const from = until - 72 * HOUR;

const told = (publisher: string, hoursAgo: number): Telling => ({
  publisher,
  publishedAt: until - hoursAgo * HOUR,
});
/** So many headlines in each of the 72 hours (0: the newest), by publishers in turn. */
const course = (of: (hoursAgo: number) => number, publishers = 5): Telling[] =>
  Array.from({ length: 72 }, (_, hour) =>
    Array.from({ length: of(hour) }, (_unused, i) => told(`P${(hour + i) % publishers}`, hour + 0.5)),
  ).flat();
/** All the other news: by the same publishers, and as much of it in each hour. */
const others = course(() => 20);

function score(trend: Telling[], more: { others?: Telling[]; history?: TrendHistory } = {}): TrendScore {
  const backdrop = backdropOf([...trend, ...(more.others ?? others)], from, until);
  return scoreTrend(trend, backdrop, more.history);
}
/** Names of trends, the first first. */
function rank(trends: Record<string, Telling[]>, others_: Telling[] = others): string[] {
  const backdrop = backdropOf([...Object.values(trends).flat(), ...others_], from, until);
  const of = (name: string): number => scoreTrend(trends[name]!, backdrop).score;
  return Object.keys(trends).toSorted((a, b) => of(b) - of(a));
}

const random = randomOf(11).uniform;
/** Varied trends; every property is checked on each. */
const TRENDS = Array.from({ length: 40 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 30) }, () =>
    told(`P${Math.floor(random() * 8)}`, 72 * random() ** 2),
  ),
);

test('a newer headline more raises score and velocity; one of another story never raises the score', () => {
  for (const trend of TRENDS) {
    const less = score(trend);
    const more = score([...trend, told('P3', 0)]);
    assert.ok(more.score > less.score && more.velocity > less.velocity);
    assert.ok(score(trend, { others: [...others, told('P3', 0)] }).score <= less.score);
  }
});

test('another publisher raises the score more than one that has told it already', () => {
  for (const trend of TRENDS) {
    const again = score([...trend, told(trend[0]!.publisher, 1)]).score;
    const quiet = [...others, ...others.map((h) => ({ ...h, publisher: 'new' }))];
    assert.ok(
      score([...trend, told('new', 1)], { others: quiet }).score > score(trend, { others: quiet }).score,
    );
    assert.ok(score([...trend, told('yet unheard', 1)]).score > again);
  }
});

test('the same headlines count for less when they are older', () => {
  for (let hour = 0; hour < 70; hour += 1) {
    const at = (ago: number): Telling[] => ['P0', 'P1', 'P2'].map((p) => told(p, ago));
    assert.ok(score(at(hour)).score > score(at(hour + 1)).score);
  }
});

test('a story that ten publishers tell once outranks one that one publisher tells ten times', () => {
  const ten = Array.from({ length: 10 }, (_, i) => told(`P${i}`, i / 2));
  const one = Array.from({ length: 10 }, (_, i) => told('P0', i / 2));
  assert.deepEqual(rank({ one, ten }), ['ten', 'one']);
});

test('a publisher of 200 headlines a day does not outweigh ten of 5', () => {
  const flood = Array.from({ length: 600 }, (_, i) => told('agency', (i * 72) / 600));
  const small = Array.from({ length: 150 }, (_, i) => told(`P${i % 10}`, (i * 72) / 150));
  const agencys = flood.slice(0, 40);
  const tens = small.slice(0, 10);
  const rest = [...flood.slice(40), ...small.slice(10)];
  assert.deepEqual(rank({ agencys, tens }, rest), ['tens', 'agencys']);
});

test('a publisher that doubles its output on everything changes no ranking, and no score', () => {
  const named = Object.fromEntries(TRENDS.map((trend, i) => [`t${i}`, trend]));
  for (const publisher of ['P0', 'P4', 'P7']) {
    const twice = (list: Telling[]): Telling[] =>
      list.flatMap((h) => (h.publisher === publisher ? [h, h] : [h]));
    const doubled = Object.fromEntries(TRENDS.map((trend, i) => [`t${i}`, twice(trend)]));
    assert.deepEqual(rank(doubled, twice(others)), rank(named));
    const before = score(TRENDS[1]!).score;
    assert.ok(Math.abs(score(twice(TRENDS[1]!), { others: twice(others) }).score - before) < 1e-9 * before);
  }
});

test('a tide that lifts all headlines is no rise', () => {
  const rise = course((hour) => (hour < 6 ? 4 : 1));
  assert.equal(score(rise).status, 'rising');
  const tide = score(rise, { others: course((hour) => (hour < 6 ? 80 : 20)) });
  assert.deepEqual([tide.status, tide.burst.active], ['peaking', false]);
  assert.ok(Math.abs(tide.z) < 0.5, `${tide.z}`);
});

test('every status has its course', () => {
  const statusOf = (of: (hoursAgo: number) => number, history?: TrendHistory): string =>
    score(course(of), history ? { history } : {}).status;
  assert.equal(
    statusOf((h) => (h < 5 ? 3 : 0)),
    'emerging',
  );
  assert.equal(
    statusOf((h) => (h < 4 ? 8 : 1)),
    'rising',
  );
  assert.equal(
    statusOf((h) => (h < 20 ? 8 : 1)),
    'peaking',
  );
  assert.equal(
    statusOf(() => 2),
    'peaking',
    'steady',
  );
  assert.equal(
    statusOf((h) => (h < 6 ? 0 : h < 30 ? 3 : 0)),
    'fading',
  );
  assert.equal(
    statusOf((h) => (h > 25 ? 3 : 0)),
    'dormant',
  );
  assert.equal(
    statusOf(() => 0),
    'dormant',
  );
  assert.notEqual(
    statusOf((h) => (h < 5 ? 3 : 0), { firstSeen: until - 90 * HOUR }),
    'emerging',
    'seen before',
  );
});

test('a burst says since when, to the hour', () => {
  const { burst } = score(course((hour) => (hour < 4 ? 8 : 1)));
  assert.deepEqual([burst.active, burst.since], [true, until - 4 * HOUR]);
  assert.ok(burst.weight > 0);
  assert.deepEqual(score(course(() => 2)).burst, { active: false, weight: 0, since: null });
});

test('a story from beginning to end: it emerges or rises, peaks, fades and sleeps, and does not flicker', () => {
  const story = course((hour) => Math.round(9 * Math.exp(-(((hour - 40) / 7) ** 2))));
  const news = course(() => 20);
  const seen: string[] = [];
  let previous: TrendHistory['previous'];
  for (let ago = 60; ago >= 0; ago -= 1) {
    const clock = until - ago * HOUR;
    const window = backdropOf([...story, ...news], clock - 72 * HOUR, clock);
    previous = scoreTrend(story, window, { previous }).status;
    if (seen.at(-1) !== previous) seen.push(previous);
  }
  assert.deepEqual(seen, ['dormant', 'emerging', 'rising', 'peaking', 'fading', 'dormant']);
});

test('always finite and never negative: empty, one hour, one headline, huge counts', () => {
  const finite = (s: TrendScore): void => {
    assert.ok([s.score, s.velocity, s.acceleration, s.z, s.burst.weight].every(Number.isFinite));
    assert.ok(s.score >= 0 && s.burst.weight >= 0);
  };
  for (const trend of [...TRENDS, [], [told('P', 71)]]) {
    finite(score(trend));
    finite(score(trend, { others: [] }));
  }
  const huge = Array.from({ length: 50_000 }, (_, i) => told(`P${i % 3}`, (i % 5) / 5));
  finite(score(huge));
  finite(scoreTrend([told('P', 0)], backdropOf([told('P', 0)], until - 60_000, until)));
});

test('the order of headlines does not matter', () => {
  for (const trend of TRENDS) assert.deepEqual(score(trend.toReversed()), score(trend));
});

test('headlines outside of the window count nowhere; what is no window, and no time, is refused', () => {
  const trend = course((hour) => (hour < 9 ? 2 : 0));
  const late = [told('P1', -3), told('P2', 72), told('P2', 900)];
  assert.deepEqual(score([...trend, ...late]), score(trend));
  assert.throws(() => backdropOf([], until, until), /no window/);
  assert.throws(() => backdropOf([told('P', NaN)], from, until), /publishedAt NaN/);
  assert.throws(
    () => scoreTrend([told('P', 1), told('P', 1)], backdropOf([told('P', 1)], from, until)),
    /2 of 1/,
  );
});
