/*
 * What chrono's lenient parsers take, found by asking the engine: one or two digits a part, any white space
 * around the time, a zone only after seconds, an offset with or without colon or minutes, U+2212 as a minus.
 */
const DATE = String.raw`(?<year>\d{1,4}|[+-]\d{1,6})-(?<month>\d{1,2})-(?<day>\d{1,2})`;
const ZONE = String.raw`(?<zone>[Zz]|UTC|[+\-\u2212]\d{2}(?::?\d{2})?)`;
const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:\.(?<fraction>\d+))?\s*${ZONE}?)?`;
const FORM = new RegExp(String.raw`^\s*${DATE}(?:(?:[Tt]|\s+)${TIME})?$`, 'u');

/** Undefined for an offset of a day or more. */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || !/\d/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('+') ? 1 : -1) * (hours * 60 + minutes);
}

/**
 * Microseconds since 1970 UTC of an RFC 3339 time, or of the shorter forms that the server takes (no zone
 * means UTC, no time means midnight). Undefined for anything else.
 */
export function parseDatetime(text: string): number | undefined {
  const parts = FORM.exec(text)?.groups;
  if (!parts) return undefined;
  const number = (part: string): number => Number(parts[part] ?? 0);
  const [month, day, hour] = [number('month'), number('day'), number('hour')];
  const [minute, second, offset] = [number('minute'), number('second'), offsetMinutes(parts['zone'])];
  const date = new Date(0);
  date.setUTCFullYear(number('year'), month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  // 60 is a leap second, which the server takes for the first second of the next minute.
  if (!exists || offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  date.setUTCHours(hour, minute - offset, second);
  const micros = Number((parts['fraction'] ?? '').padEnd(6, '0').slice(0, 6));
  return date.getTime() * 1000 + micros;
}
