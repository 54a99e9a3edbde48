import { Cron } from 'croner';

/** When a job runs: at an interval, or by the fields of a pattern in a time zone (undefined: this machine's). */
export type Schedule = { everySeconds: number } | { pattern: string; zone: string | undefined };

type Field = { name: string; min: number; max: number; names?: Readonly<Record<string, number>> };
type Range = { start: number; end: number; step: number; star: boolean };

const numbered = (names: string, from: number): Record<string, number> =>
  Object.fromEntries(names.split(' ').map((name, i) => [name, i + from]));

const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: numbered('jan feb mar apr may jun jul aug sep oct nov dec', 1),
  },
  { name: 'day of week', min: 0, max: 6, names: numbered('sun mon tue wed thu fri sat', 0) },
];

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

/** Node's timers count milliseconds in 31 bits; a longer one would go off at once. */
const MOST_SECONDS = 24 * 86_400;

/**
 * Reads a schedule as Ofelia does: robfig/cron v3, seconds first and optional. Croner, which follows it here,
 * reads several things otherwise, or more (7 is Sunday, L, W, #, a year), or less (`5/10`); it is given lists of
 * numbers alone, which mean one and the same to both.
 *
 * @throws RangeError saying what is wrong with it
 */
export function parseSchedule(text: string): Schedule {
  const [rest, zone] = takeZone(text);
  if (rest.startsWith('@every ')) return { everySeconds: readEvery(rest.slice('@every '.length)) };
  const spec = rest.startsWith('@') ? descriptors[rest] : rest;
  if (spec === undefined)
    throw new RangeError(`"${rest}" is none of ${Object.keys(descriptors).join(', ')}, @every`);
  const given = spec.trim().split(/\s+/);
  if (given.length < 5 || given.length > 6) throw new RangeError(`"${rest}" has not six fields`);
  if (given.length === 5) given.unshift('0');
  const pattern = given.map((part, i) => readField(part, fields[i]!)).join(' ');
  if (!toCron({ pattern, zone }).nextRun()) throw new RangeError(`"${rest}" never comes`);
  return { pattern, zone };
}

/** Runs something by a schedule, never at the same time as itself. @returns what stops it */
export function follow(schedule: Schedule, run: () => void): () => void {
  if ('everySeconds' in schedule) {
    const timer = setInterval(run, schedule.everySeconds * 1000);
    return () => clearInterval(timer);
  }
  const cron = toCron(schedule, run);
  return () => cron.stop();
}

/** The next times after `from`, at most `count`; of an interval those that follow if it begins then. */
export function nextTimes(schedule: Schedule, count: number, from: Date): Date[] {
  if ('pattern' in schedule) return toCron(schedule).nextRuns(count, from);
  const ms = schedule.everySeconds * 1000;
  return Array.from({ length: count }, (_, i) => new Date(from.getTime() + (i + 1) * ms));
}

function toCron({ pattern, zone }: { pattern: string; zone: string | undefined }, run?: () => void): Cron {
  const options = { mode: '6-part', protect: true, paused: !run, ...(zone && { timezone: zone }) } as const;
  return run ? new Cron(pattern, options, run) : new Cron(pattern, options);
}

/** `TZ=Europe/Paris 0 0 6 * * *`; CRON_TZ is the same. @returns the rest, and the zone */
function takeZone(text: string): [rest: string, zone: string | undefined] {
  const [, zone, rest] = /^(?:CRON_)?TZ=([^ ]*)(.*)$/s.exec(text) ?? [];
  if (zone === undefined) return [text, undefined];
  if (rest === '') throw new RangeError(`"${text}" is a time zone without a schedule`);
  return [rest!.trim(), zone === 'Local' ? undefined : knownZone(zone || 'UTC')];
}

/** Go looks for a file of this name: capitals count, and an offset is no name. */
function knownZone(zone: string): string {
  let known: string | undefined;
  try {
    known = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    // Said below.
  }
  if (!known || !/^[A-Za-z]/.test(zone))
    throw new RangeError(`"${zone}" is no time zone, as in Europe/Paris`);
  if (known !== zone && known.toLowerCase() === zone.toLowerCase())
    throw new RangeError(`time zone "${zone}" is written ${known}`);
  return zone;
}

/** Under a second is a second, and parts of a second are dropped, as Ofelia does. */
function readEvery(text: string): number {
  const seconds = goSeconds(text);
  if (seconds === undefined) throw new RangeError(`"@every ${text}" is no duration, as in 1h30m or 90s`);
  if (seconds <= 0) throw new RangeError(`"@every ${text}" is no time to wait`);
  if (seconds > MOST_SECONDS) throw new RangeError(`"@every ${text}" is more than 24 days`);
  return Math.max(1, Math.floor(seconds));
}

/**
 * A field as a list of its numbers. A star stays one: with it in either field of days both must match, without
 * one of them. An empty item of a list is passed over.
 */
function readField(text: string, field: Field): string {
  const ranges = text
    .split(',')
    .filter((item) => item !== '')
    .map((item) => readRange(item, field));
  if (ranges.length === 0) throw new RangeError(`${field.name} "${text}" is empty`);
  if (ranges.some((r) => r.star)) return '*';
  const numbers = new Set<number>();
  for (const { start, end, step } of ranges) {
    for (let n = start; n <= end; n += step) numbers.add(n);
  }
  const [first, ...others] = [...numbers].sort((a, b) => a - b);
  // As a range with a step: a time that croner takes for a fixed one would come also on days that do not have it
  // (clocks put forward), and once where it comes twice.
  return [`${first}-${first}/1`, ...others].join(',');
}

/** `*`, `?`, a number, a range, each with a step or without: `5/10` is every tenth from 5 on. */
function readRange(text: string, field: Field): Range {
  const refuse = (why: string): RangeError => new RangeError(`${field.name} "${text}" ${why}`);
  const [span = '', ...steps] = text.split('/');
  const [low = '', ...highs] = span.split('-');
  if (steps.length > 1) throw refuse('has too many slashes');
  const step = steps.length === 0 ? 1 : readNumber(steps[0]!);
  if (step === undefined) throw refuse('has a step that is no number');
  if (step === 0) throw refuse('has a step of 0');
  // What comes after a star and a hyphen means nothing to Ofelia.
  if (low === '*' || low === '?') return { start: field.min, end: field.max, step, star: step === 1 };
  if (highs.length > 1) throw refuse('has too many hyphens');
  const start = readNumber(low, field.names);
  const last = highs.length === 0 ? start : readNumber(highs[0]!, field.names);
  if (start === undefined || last === undefined) throw refuse('is no number');
  const end = highs.length === 0 && steps.length > 0 ? field.max : last;
  if (start < field.min || end > field.max) throw refuse(`is not within ${field.min} to ${field.max}`);
  if (start > end) throw refuse('ends before it begins');
  return { start, end, step, star: false };
}

function readNumber(text: string, names: Readonly<Record<string, number>> = {}): number | undefined {
  const name = text.toLowerCase();
  if (Object.hasOwn(names, name)) return names[name];
  const n = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) ? n : undefined;
}

/** Of a duration, nanoseconds. */
const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  // The micro sign, and the Greek letter.
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const UNIT = Object.keys(units)
  .sort((a, b) => b.length - a.length)
  .join('|');
const PART = new RegExp(`(?:(\\d+)(?:\\.(\\d*))?|\\.(\\d+))(${UNIT})`, 'g');
const WHOLE = new RegExp(`^[-+]?(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:${UNIT}))+$`);

/** Longest duration that Go can tell, ns. */
const MOST = 2 ** 63;

/**
 * Reads a duration as Go's time.ParseDuration does: `1h30m`, `1.5h`, `-2s`; a bare 0 needs no unit.
 *
 * @returns seconds; undefined where it is none
 */
function goSeconds(text: string): number | undefined {
  if (/^[-+]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  let ns = 0;
  for (const [, whole = '0', after, alone, unit] of text.matchAll(PART)) {
    const fraction = after ?? alone ?? '';
    ns += Number(whole) * units[unit!]!;
    // Multiplied before it is divided: 0.29h is 1044 s, not a little less.
    ns += Math.floor((Number(fraction || '0') * units[unit!]!) / 10 ** fraction.length);
  }
  if (ns >= MOST) return undefined;
  return (text.startsWith('-') ? -ns : ns) / 1e9;
}
