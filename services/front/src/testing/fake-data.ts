import { http } from '@afk/contracts';
import { fakeHistories } from './fake-histories.ts';
import { fakeBatches, fakeDeadLetters } from './fake-runs.ts';
import { hostile, publishers, stories, type Story } from './stories.ts';

/** An answer for every route of the API, in its own schemas, from invented stories. */
export type FakeData = {
  trends: http.TrendList;
  details: Map<string, http.TrendDetail>;
  histories: Map<string, http.TrendHistory>;
  headlines: http.Headline[];
  feeds: http.FeedList;
  batches: http.BatchDetail[];
  deadLetters: http.DeadLetterList;
};

export type FakeOptions = { trends?: number; asOf?: Date; demo?: boolean; hostile?: boolean };

const bucketMinutes = 60;
const windowHours = 48;

/** Mulberry32: small, seeded, good enough for invented news. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const statuses = ['rising', 'emerging', 'peaking', 'rising', 'fading', 'peaking', 'dormant'] as const;

function pick<T>(random: () => number, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** Counts a bucket with the shape that the status promises. */
function shape(random: () => number, status: http.Trend['status'], volume: number): number[] {
  const n = (windowHours * 60) / bucketMinutes;
  return Array.from({ length: n }, (_, i) => {
    const x = i / (n - 1);
    const level = {
      emerging: x > 0.8 ? 1 : 0,
      rising: x ** 2.2,
      peaking: 0.5 + 0.2 * Math.sin(x * 12),
      fading: Math.exp(-3 * x),
      dormant: x < 0.3 ? 0.6 : 0,
    }[status];
    return Math.round(level * volume * (0.6 + 0.8 * random()));
  });
}

function headlineAt(story: Story, id: string, n: number, at: Date, random: () => number, demo: boolean) {
  const [language, text] = story.headlines[n % story.headlines.length] as [string, string];
  const unsafe = story === hostile && n % story.headlines.length === 1;
  return http.headline.parse({
    id: `${id}-h${n}`,
    title: text,
    url: unsafe ? 'javascript:window.__pwned = true' : `https://news.example/${language}/${id}/${n}`,
    summary: summaryOf(story, n),
    publisher: pick(random, publishers[language] ?? ['The Lamp']),
    language,
    published_at: at.toISOString(),
    category:
      story.category && n % 7 !== 6 ? { id: story.category, probability: 0.55 + 0.4 * random() } : null,
    trend_id: id,
    demo,
  });
}

/** Every third headline comes without one. */
function summaryOf({ keywords: [one = '', two = one, three = two] }: Story, n: number): string {
  if (n % 3 === 2) return '';
  return `What is known so far of ${one} and ${two}, what those say who answer for it, and why people far from here speak of ${three} all of a sudden, too.`;
}

function detailOf(story: Story, index: number, asOf: Date, demo: boolean): http.TrendDetail {
  const random = seeded(index * 7919 + 17);
  const id = `trend-${String(index + 1).padStart(4, '0')}`;
  const status = statuses[index % statuses.length] as http.Trend['status'];
  const sparkline = shape(random, status, Math.max(1.4, 9 - index / 3));
  const first = sparkline.findIndex((c) => c > 0);
  const last = sparkline.findLastIndex((c) => c > 0);
  const start = asOf.getTime() - windowHours * 3_600_000;
  const at = (bucket: number) => new Date(start + bucket * bucketMinutes * 60_000);
  const count = Math.max(
    story.headlines.length,
    Math.min(
      40,
      sparkline.reduce((a, b) => a + b, 0),
    ),
  );
  const items = Array.from({ length: count }, (_, n) => {
    const when = new Date(at(last + 1).getTime() - 60_000 * (4 + n * n * 1.7 + 9 * n));
    return headlineAt(story, id, n, when < at(first) ? at(first) : when, random, demo);
  });
  const by = Map.groupBy(items, (h) => h.publisher);
  // Some have a life that is longer than the window.
  const past = index % 5 === 2 ? pastOf(random, at(0)) : [];
  const newest = items[0] as http.Headline;
  return http.trendDetail.parse({
    id,
    label: (story.headlines[0] as [string, string])[1],
    keywords: story.keywords,
    category: story.category ? { id: story.category, probability: 0.5 + 0.45 * random() } : null,
    status,
    score: 100 / (index + 1),
    ...motionOf(status, at(windowHours - 5)),
    headlines: count,
    publishers: by.size,
    languages: [...new Set(items.map((h) => h.language))],
    first_seen: past[0]?.at ?? at(Math.max(first, 0)).toISOString(),
    last_seen: newest.published_at,
    sparkline,
    demo,
    as_of: asOf.toISOString(),
    bucket_minutes: bucketMinutes,
    points: [
      ...past,
      ...sparkline.map((count, i) => ({ at: at(i).toISOString(), minutes: bucketMinutes, count })),
    ],
    by_publisher: [...by]
      .map(([publisher, list]) => ({ publisher, count: list.length }))
      .sort((a, b) => b.count - a.count),
    items: items.toSorted((a, b) => b.published_at.localeCompare(a.published_at)),
  });
}

/** Figures that go with a status; those that rise burst. */
function motionOf(status: http.Trend['status'], since: Date) {
  const velocity = { emerging: 3.2, rising: 4.6, peaking: 0.1, fading: -2.4, dormant: 0 }[status];
  const burst =
    status === 'rising'
      ? { active: true, weight: 12.5, since: since.toISOString() }
      : { active: false, weight: 0, since: null };
  return { velocity, acceleration: velocity / 8, z: velocity / 2, burst };
}

/** Bars of a past that has aged: days up to the midnight before `until`, and the silence that is left. */
function pastOf(random: () => number, until: Date): http.TrendDetail['points'] {
  const midnight = Math.floor(until.getTime() / 86_400_000) * 86_400_000;
  const days = Array.from({ length: 5 }, (_, n) => ({
    at: new Date(midnight - (5 - n) * 86_400_000).toISOString(),
    minutes: 1440,
    count: Math.round(60 * random()),
  }));
  const left = (until.getTime() - midnight) / 60_000;
  return left > 0 ? [...days, { at: new Date(midnight).toISOString(), minutes: left, count: 0 }] : days;
}

/** Stories beyond the written ones, for builds of a real size. */
function variation(n: number): Story {
  const base = stories[n % stories.length] as Story;
  const part = Math.floor(n / stories.length);
  if (part === 0) return base;
  return {
    ...base,
    headlines: base.headlines.map(([l, t]) => [l, `${t} – ${l === 'fr' ? 'suite' : 'part'} ${part + 1}`]),
  };
}

export function fakeData(options: FakeOptions = {}): FakeData {
  const asOf = options.asOf ?? new Date();
  const demo = options.demo ?? true;
  const chosen = Array.from({ length: options.trends ?? stories.length }, (_, n) => variation(n));
  if (options.hostile ?? true) chosen.splice(Math.min(4, chosen.length), 0, hostile);
  const details = chosen.map((story, n) => detailOf(story, n, asOf, demo));
  const items = details.map((d) => http.trend.parse(d));
  return {
    trends: http.trendList.parse({
      as_of: asOf.toISOString(),
      batch_id: 'batch-0009',
      demo,
      window_hours: windowHours,
      bucket_minutes: bucketMinutes,
      total: items.length,
      items,
    }),
    details: new Map(details.map((d) => [d.id, d])),
    histories: fakeHistories(details, asOf),
    headlines: details.flatMap((d) => d.items).sort((a, b) => b.published_at.localeCompare(a.published_at)),
    feeds: fakeFeeds(asOf, demo),
    batches: fakeBatches(asOf, items.length),
    deadLetters: fakeDeadLetters(asOf),
  };
}

/** What the API answers before the first run. */
export function emptyData(): FakeData {
  return {
    trends: {
      as_of: null,
      batch_id: null,
      demo: false,
      window_hours: 48,
      bucket_minutes: 60,
      total: 0,
      items: [],
    },
    details: new Map(),
    histories: new Map(),
    headlines: [],
    feeds: { total: 0, items: [] },
    batches: [],
    deadLetters: { total: 0, items: [] },
  };
}

function fakeFeeds(asOf: Date, demo: boolean): http.FeedList {
  const names = [
    ...(publishers['en'] ?? []).map((p) => [p, 'en']),
    ...(publishers['fr'] ?? []).map((p) => [p, 'fr']),
  ];
  const items = names.map(([title, language], i) => {
    const failing = i % 6 === 4;
    const back = (minutes: number) => new Date(asOf.getTime() - minutes * 60_000).toISOString();
    return http.feed.parse({
      id: `feed-${i}`,
      url: `https://feeds.example/${language}/${i}.xml`,
      title: i === 3 ? '' : title,
      language: i === 7 ? null : language,
      state: i === 9 ? 'new' : failing ? 'failing' : i % 3 ? 'ok' : 'not_modified',
      last_fetched_at: i === 9 ? null : back(3),
      last_success_at: i === 9 ? null : back(failing ? 60 * 26 : 3),
      last_error: failing
        ? 'HTTP 503 from feeds.example after 3 tries: upstream connect error or disconnect/reset before headers'
        : null,
      failures: failing ? 26 : 0,
      headlines: i === 9 ? 0 : 41 - 2 * i,
      demo,
    });
  });
  return { total: items.length, items };
}
