/** Zones that feeds write and JavaScript does not know (it knows the four of RFC 822), hours. */
const zones: Readonly<Record<string, string>> = {
  WET: '+0000',
  WEST: '+0100',
  BST: '+0100',
  CET: '+0100',
  CEST: '+0200',
  EET: '+0200',
  EEST: '+0300',
};

/**
 * The instant that a feed's date names, or undefined where it names none. A time without a zone is
 * UTC, wherever this runs. What no feed can mean (year 0, year 275760) is no date.
 */
export function readDate(text: unknown): Date | undefined {
  if (typeof text !== 'string' || text.length > 100) return undefined;
  const date = new Date(zoned(text.trim().replace(/\b[A-Z]{3,4}$/, (zone) => zones[zone] ?? zone)));
  const sane = date.getTime() > Date.UTC(1970, 0, 2) && date.getTime() < Date.UTC(2200, 0, 1);
  return sane ? date : undefined;
}

function zoned(text: string): string {
  const named = /(?:[a-z]|[+-]\d\d:?\d\d)$/i.test(text) && !/\d ?[ap]m$/i.test(text);
  if (named) return text;
  return /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? text.replace(/T.*/, '$&Z') : `${text} UTC`;
}
