/** Times as readers see them. Everything is UTC: a page is built once for readers in many places. */

const day = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** "Thursday 12 March 2026" */
export const longDate = (iso: string) => day.format(new Date(iso)).replaceAll(',', '');

/** "14:05" */
export const clockTime = (iso: string) => clock.format(new Date(iso));

/** "14:05" on the reference's own day (UTC), "11 Mar" before it. */
export const clockOrDay = (iso: string, reference: string) =>
  new Date(iso).toISOString().slice(0, 10) === new Date(reference).toISOString().slice(0, 10)
    ? clockTime(iso)
    : shortDay.format(new Date(iso));

/** "12 Mar" */
export const dayOf = (iso: string) => shortDay.format(new Date(iso));

/** "12 Mar, 14:05 UTC" */
export const absolute = (iso: string) => `${dayOf(iso)}, ${clockTime(iso)} UTC`;

/** "14:05 UTC" on the reference's own day (UTC), "11 Mar, 14:05 UTC" before it, or without one. */
export const momentOrDay = (iso: string, reference: string | null) =>
  reference && clockOrDay(iso, reference) === clockTime(iso) ? `${clockTime(iso)} UTC` : absolute(iso);

const steps: [limitSeconds: number, unitSeconds: number, unit: string][] = [
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [Number.POSITIVE_INFINITY, 86_400, 'd'],
];

/**
 * How long before `reference` an instant lies: "just now", "12 min ago", "3 h ago", "2 d ago".
 * The reference is always given (a run's clock, or a request's): never the clock of a build machine.
 */
export function relative(iso: string, reference: string): string {
  const seconds = (Date.parse(reference) - Date.parse(iso)) / 1000;
  if (seconds < 60) return 'just now';
  const [, unitSeconds, unit] = steps.find(([limit]) => seconds < limit) as (typeof steps)[number];
  return `${Math.floor(seconds / unitSeconds)} ${unit} ago`;
}

/** "31 ms", "0.4 s", "18 s", "2 min 5 s", "1 h 12 min" */
export function duration(seconds: number): string {
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}
