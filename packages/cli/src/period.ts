const HOUR = 3_600_000;
const UNITS: Record<string, number> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/**
 * A moment as people give it: so long before `now` ("36h", "30d", "2w"), or an ISO 8601 date or time.
 * @throws Error that names the option and what it was given
 */
export function momentOf(option: string, given: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([hdw])$/.exec(given) ?? [];
  const moment = count ? new Date(now.getTime() - Number(count) * UNITS[unit]!) : new Date(given);
  if (Number.isNaN(moment.getTime()) || (!count && !/^\d{4}-\d{2}-\d{2}/.test(given))) {
    throw new Error(`${option} ${given}: neither a period (36h, 30d, 2w) nor an ISO 8601 date`);
  }
  return moment;
}
