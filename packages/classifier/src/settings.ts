import type { Example, TrainOptions } from './types.ts';

// Chosen by cross-validation on the seed headlines: see README.
const DEFAULTS = { l2: 1e-4, alpha: 0.3, seed: 1, characters: [3, 5] as const, minDocuments: 1 };
const MOST_UNLABELLED = 20_000;

/** Folds up to so many examples: where there are many, more folds gain little, and each costs a training. */
const FOLDS: readonly [most: number, folds: number][] = [
  [100, 10],
  [500, 5],
  [Infinity, 3],
];

export type Settings = {
  l2: number;
  alpha: number;
  seed: number;
  folds: number;
  characters: readonly [number, number];
  minDocuments: number;
  mostUnlabelled: number;
};

/** @throws RangeError naming what is missing or out of range */
export function settingsOf(examples: readonly Example[], options: TrainOptions): Settings {
  if (examples.length === 0) throw new RangeError('train: no examples');
  const settings = {
    l2: options.l2 ?? DEFAULTS.l2,
    alpha: options.alpha ?? DEFAULTS.alpha,
    seed: options.seed ?? DEFAULTS.seed,
    folds: options.folds ?? FOLDS.find(([most]) => examples.length <= most)![1],
    characters: options.features?.characters ?? DEFAULTS.characters,
    minDocuments: options.features?.minDocuments ?? DEFAULTS.minDocuments,
    mostUnlabelled: options.mostUnlabelled ?? MOST_UNLABELLED,
  };
  for (const name of ['l2', 'alpha'] as const)
    if (!(settings[name] > 0)) throw new RangeError(`${name} ${settings[name]}: must be positive`);
  if (!(settings.folds >= 2)) throw new RangeError(`folds ${settings.folds}: at least 2`);
  if (!(settings.mostUnlabelled >= 0))
    throw new RangeError(`mostUnlabelled ${settings.mostUnlabelled}: must not be negative`);
  return settings;
}
