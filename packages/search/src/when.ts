const HOURS: Record<string, number> = { h: 1, d: 24, j: 24, w: 168, s: 168 };
const HOUR = 3_600_000;
const AGO = /^(\d{1,4})([hdwjs])$/i;
const DAY = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/i;

/**
 * A day (its first moment, UTC), an instant with its zone, or a stretch of time before the clock: `12h`, `3d`, `2w`
 * (`3j`, `2s` in French). Undefined where the text is none of these.
 */
export function parseDay(text: string, clock: Date): Date | undefined {
  const ago = AGO.exec(text);
  if (ago) return new Date(clock.getTime() - Number(ago[1]) * HOURS[ago[2]!.toLowerCase()]! * HOUR);
  if (!DAY.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) || !isDayOfCalendar(text) || !hasFourDigits(at) ? undefined : at;
}

/** Whether what {@link parseDay} reads moves with the clock. */
export const isAgo = (text: string): boolean => AGO.test(text);

/** 2026-02-30 is read as the second of March. */
function isDayOfCalendar(text: string): boolean {
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A zone can move the first and the last day of four-digit years out of what ISO 8601 writes with four digits. */
const hasFourDigits = (at: Date): boolean => /^\d{4}-/.test(at.toISOString());
