import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { follow, nextTimes, parseSchedule } from './schedule.ts';

const next = (text: string, from: string, count = 3): string[] =>
  nextTimes(parseSchedule(text), count, new Date(from)).map((d) => d.toISOString().replace('.000Z', 'Z'));

describe('a schedule is read as Ofelia reads it', () => {
  const noon = '2026-11-21T12:00:00Z';
  const equal: [string, string][] = [
    ['@hourly', '0 0 * * * *'],
    ['@daily', '0 0 0 * * *'],
    ['@midnight', '0 0 0 * * *'],
    ['@weekly', '0 0 0 * * 0'],
    ['@monthly', '0 0 0 1 * *'],
    ['@yearly', '0 0 0 1 1 *'],
    ['@annually', '0 0 0 1 1 *'],
    ['30 6 * * *', '0 30 6 * * *'],
    ['0 5/20 * * * *', '0 5,25,45 * * * *'],
    ['0 10-30/10 * * * *', '0 10,20,30 * * * *'],
    ['0 */70 * * * *', '0 0 * * * *'],
    ['0 0 ? * ? ?', '0 0 * * * *'],
    ['0 0 0 * * MON-fri', '0 0 0 * * 1-5'],
    ['0 0 0 1 Jan,JUL *', '0 0 0 1 1,7 *'],
    ['00 05 007 * * *', '0 5 7 * * *'],
    ['0 0 0 ,1,,15, * *', '0 0 0 1,15 * *'],
    ['0  0\t0 * * *', '0 0 0 * * *'],
    ['0 1-5,3,2-4 * * * *', '0 1-5 * * * *'],
    ['TZ=UTC 0 0 6 * * *', 'CRON_TZ=UTC 0 0 6 * * *'],
    ['TZ=Asia/Tokyo @daily', 'TZ=UTC 0 0 15 * * *'],
  ];
  for (const [text, same] of equal) {
    it(`${text} is ${same}`, () => assert.deepEqual(next(text, noon, 20), next(same, noon, 20)));
  }

  it('either field of days will do, but not where one is a star', () => {
    const days = (text: string): number[] =>
      next(`TZ=UTC 0 0 0 ${text}`, '2026-11-01T00:00:00Z', 5).map((t) => Number(t.slice(8, 10)));
    assert.deepEqual(days('15 * 1'), [2, 9, 15, 16, 23]);
    assert.deepEqual(days('* * 1'), [2, 9, 16, 23, 30]);
    assert.deepEqual(days('*/10 * 1'), [2, 9, 11, 16, 21], 'a star with a step is none');
    assert.deepEqual(days('*/1 * 1'), [2, 9, 16, 23, 30]);
    assert.deepEqual(days('1-31 * 1'), [2, 3, 4, 5, 6]);
  });

  const every: [string, number][] = [
    ['1h30m', 5400],
    ['1m1h', 3660],
    ['1.5h', 5400],
    ['0.29h', 1044],
    ['.5m', 30],
    ['1.s', 1],
    ['90s', 90],
    ['1500ms', 1],
    ['59.999s', 59],
    ['1m60000000µs', 120],
    ['500ms', 1],
    ['+10s', 10],
    ['576h', 24 * 86_400],
  ];
  for (const [text, seconds] of every) {
    it(`@every ${text} is ${seconds} s`, () =>
      assert.deepEqual(parseSchedule(`@every ${text}`), { everySeconds: seconds }));
  }
});

describe('clocks that change', () => {
  it('what they leave out does not come on that day', () => {
    assert.deepEqual(next('TZ=Europe/Paris 0 30 2 * * *', '2026-03-28T00:00:00Z'), [
      '2026-03-28T01:30:00Z',
      '2026-03-30T00:30:00Z',
      '2026-03-31T00:30:00Z',
    ]);
    assert.deepEqual(next('TZ=Europe/Paris @daily', '2026-03-28T12:00:00Z'), [
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
      '2026-03-30T22:00:00Z',
    ]);
  });

  it('what they repeat comes twice', () => {
    assert.deepEqual(next('TZ=Europe/Paris 0 30 2 * * *', '2026-10-24T12:00:00Z'), [
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
      '2026-10-26T01:30:00Z',
    ]);
  });

  it('an hourly job comes every hour of all', () => {
    for (const day of ['2026-03-29', '2026-10-25']) {
      const times = next('TZ=America/New_York 0 0 * * * *', `${day}T00:00:00Z`, 30);
      const hours = times.map((t) => (Date.parse(t) - Date.parse(`${day}T00:00:00Z`)) / 3_600_000);
      assert.deepEqual(
        hours,
        Array.from({ length: 30 }, (_, i) => i + 1),
      );
    }
  });
});

describe('what Ofelia refuses, or would not run as it looks, is refused', () => {
  const refused: [string, RegExp][] = [
    ['', /"" has not six fields/],
    ['sometimes', /"sometimes" has not six fields/],
    ['* * * *', /has not six fields/],
    ['0 0 0 1 1 * 2030', /has not six fields/],
    ['2030-01-01T00:00:00', /has not six fields/],
    ['0 61 * * * *', /minute "61" is not within 0 to 59/],
    ['0 0 24 * * *', /hour "24" is not within 0 to 23/],
    ['0 0 0 0 * *', /day of month "0" is not within 1 to 31/],
    ['0 0 0 * 13 *', /month "13" is not within 1 to 12/],
    ['0 0 0 * * 7', /day of week "7" is not within 0 to 6/],
    ['0 0 0 * * 1-7', /day of week "1-7" is not within/],
    ['0 0 22-2 * * *', /hour "22-2" ends before it begins/],
    ['0 0 0 * * fri-mon', /day of week "fri-mon" ends before it begins/],
    ['0 0 0 * * monday', /day of week "monday" is no number/],
    ['0 0 0 * january *', /month "january" is no number/],
    ['0 0 mon * * *', /hour "mon" is no number/],
    ['0 0 0 L * *', /day of month "L" is no number/],
    ['0 0 0 15W * *', /day of month "15W" is no number/],
    ['0 0 0 * * 5#2', /day of week "5#2" is no number/],
    ['0 */0 * * * *', /minute "\*\/0" has a step of 0/],
    ['0 */x * * * *', /minute "\*\/x" has a step that is no number/],
    ['0 /5 * * * *', /minute "\/5" is no number/],
    ['0 1/2/3 * * * *', /minute "1\/2\/3" has too many slashes/],
    ['0 1-2-3 * * * *', /minute "1-2-3" has too many hyphens/],
    ['0 -1 * * * *', /minute "-1" is no number/],
    ['0 1.5 * * * *', /minute "1\.5" is no number/],
    ['0 , * * * *', /minute "," is empty/],
    ['0 0 0 31 2 *', /"0 0 0 31 2 \*" never comes/],
    ['@Daily', /"@Daily" is none of @yearly, /],
    ['@reboot', /"@reboot" is none of/],
    ['@every', /"@every" is none of/],
    ['@every soon', /"@every soon" is no duration, as in 1h30m/],
    ['@every  1h', /is no duration/],
    ['@every 5', /"@every 5" is no duration/],
    ['@every 1d', /is no duration/],
    ['@every 1H', /is no duration/],
    ['@every .h', /is no duration/],
    ['@every 0s', /"@every 0s" is no time to wait/],
    ['@every -5m', /"@every -5m" is no time to wait/],
    ['@every 577h', /"@every 577h" is more than 24 days/],
    ['@every 3000000h', /is no duration/],
    ['TZ=Nowhere/Land @daily', /"Nowhere\/Land" is no time zone, as in Europe\/Paris/],
    ['TZ=europe/paris @daily', /time zone "europe\/paris" is written Europe\/Paris/],
    ['TZ=+01:00 @daily', /"\+01:00" is no time zone/],
    ['TZ=UTC', /"TZ=UTC" is a time zone without a schedule/],
  ];
  for (const [text, sentence] of refused) {
    it(`"${text}"`, () => assert.throws(() => parseSchedule(text), sentence));
  }
});

/** Numbers that look random and are the same each time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A field as text, and what it means. */
type Made = { text: string; has: Set<number>; star: boolean };

function makeField(below: (n: number) => number, min: number, max: number): Made {
  const made: Made = { text: '', has: new Set(), star: false };
  const items: string[] = [];
  for (let left = 1 + below(3); left > 0; left--) {
    const low = min + below(max - min + 1);
    const high = low + below(max - low + 1);
    const step = below(3) === 0 ? 1 + below(20) : 1;
    const stepped = step > 1 || below(8) === 0 ? `/${step}` : '';
    const [text, from, to] = [
      ['*', min, max] as const,
      ['?', min, max] as const,
      [`${low}`, low, stepped ? max : low] as const,
      [`${low}`, low, stepped ? max : low] as const,
      [`${low}-${high}`, low, high] as const,
    ][below(5)]!;
    items.push(text + stepped);
    if (step === 1 && /[*?]/.test(text)) made.star = true;
    for (let n = from; n <= to; n++) if ((n - from) % step === 0) made.has.add(n);
  }
  return { ...made, text: items.join(',') };
}

/** Every second of a day at a time, by the definition. */
function bruteForce(
  [second, minute, hour, dom, month, dow]: readonly Made[],
  from: Date,
  count: number,
): string[] {
  const found: string[] = [];
  const day = new Date(from.getTime() - (from.getTime() % 86_400_000));
  for (let n = 0; n < 366 * 5 && found.length < count; n++, day.setUTCDate(day.getUTCDate() + 1)) {
    const [inMonth, inWeek] = [dom!.has.has(day.getUTCDate()), dow!.has.has(day.getUTCDay())];
    const today = dom!.star || dow!.star ? inMonth && inWeek : inMonth || inWeek;
    if (!today || !month!.has.has(day.getUTCMonth() + 1)) continue;
    for (let s = 0; s < 86_400 && found.length < count; s++) {
      if (
        !second!.has.has(s % 60) ||
        !minute!.has.has(Math.floor(s / 60) % 60) ||
        !hour!.has.has(Math.floor(s / 3600))
      )
        continue;
      const time = new Date(day.getTime() + s * 1000);
      if (time > from) found.push(time.toISOString().replace('.000Z', 'Z'));
    }
  }
  return found;
}

it('any six fields come when they say, to the second', () => {
  const below = random(20_261_121);
  const bounds = [
    [0, 59],
    [0, 59],
    [0, 23],
    [1, 31],
    [1, 12],
    [0, 6],
  ] as const;
  for (let n = 0; n < 400; n++) {
    const made = bounds.map(([min, max]) => makeField(below, min, max));
    const text = `TZ=UTC ${made.map((m) => m.text).join(' ')}`;
    const from = new Date(Date.UTC(2024, 0, 1) + below(4 * 365 * 86_400) * 1000);
    const expected = bruteForce(made, from, 4);
    if (expected.length === 0) assert.throws(() => parseSchedule(text), /never comes/, text);
    else assert.deepEqual(next(text, from.toISOString(), 4), expected, `${text} after ${from.toISOString()}`);
  }
});

it('what is followed runs until it is stopped', async () => {
  let [runs, ticks] = [0, 0];
  const stops = [
    follow(parseSchedule('* * * * * *'), () => runs++),
    follow(parseSchedule('@every 1s'), () => ticks++),
  ];
  while (runs < 2 || ticks < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const stop of stops) stop();
  const before = [runs, ticks];
  await new Promise((resolve) => setTimeout(resolve, 1300));
  assert.deepEqual([runs, ticks], before);
});
