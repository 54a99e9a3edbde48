import type { FindTopicsOptions } from './types.ts';

export type Settings = Required<Omit<FindTopicsOptions, 'signal'>>;

const DEFAULTS: Settings = {
  k: 'auto',
  seed: 1,
  minSize: 5,
  outliers: 'keep',
  leastSimilarity: 0.1,
  keywords: 10,
  buckets: 12,
};

/** The options with their defaults. Throws RangeError, naming the option, on what is out of range. */
export function settingsOf(options: FindTopicsOptions): Settings {
  const given = Object.entries(options).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  const settings: Settings = { ...DEFAULTS, ...Object.fromEntries(given) };
  const { k, outliers, leastSimilarity } = settings;
  if (k !== 'auto') whole('k', k, 1);
  whole('seed', settings.seed, 0);
  whole('minSize', settings.minSize, 2);
  whole('keywords', settings.keywords, 1);
  whole('buckets', settings.buckets, 1);
  if (outliers !== 'keep' && outliers !== 'assign')
    throw new RangeError(`outliers ${outliers}: 'keep' or 'assign'`);
  if (!(leastSimilarity >= 0 && leastSimilarity <= 1))
    throw new RangeError(`leastSimilarity ${leastSimilarity}: 0 to 1`);
  return settings;
}

function whole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} ${value}: a whole number, ${least} or more`);
}
