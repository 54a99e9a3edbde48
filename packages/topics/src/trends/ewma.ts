import { checkSeries, type Series } from './hours.ts';

export type EwmaOptions = {
  /** Weight of the newest bin, above 0 to 1. Default 0.2: half of what is known is older than 3 bins. */
  lambda?: number;
  /** Bins with any headlines that have to be known before one is judged. Default 4. */
  warmUp?: number;
};

/**
 * How unusual the last bin is, in standard deviations, beside an exponentially weighted moving average of the share
 * (Roberts, Control Chart Tests Based on Geometric Moving Averages, Technometrics 1, 1959), with the variance that
 * goes with it (West, Comm. ACM 22, 1979), mu and s² before the last bin of r in d:
 *
 *     z = (r - mu d) / sqrt(1 + max(mu d, s² d²))
 *     delta = r / d - mu,   mu += lambda delta,   s² = (1 - lambda) (s² + lambda delta²)
 *
 * A count varies by at least its own mean (Poisson), and the 1 keeps a lone headline after silence at z = 1. While few
 * bins are known they count alike (lambda = 1 / bins): the average does not hang on the first. Bins without any headline
 * at all say nothing and are passed over.
 *
 * @returns 0 during the warm-up and where the last bin has no headlines at all
 * @throws RangeError where the series are no counts (`checkSeries`) or an option is out of its range
 */
export function ewmaZ(matching: Series, total: Series, options: EwmaOptions = {}): number {
  const { lambda = 0.2, warmUp = 4 } = options;
  if (!(lambda > 0 && lambda <= 1)) throw new RangeError(`lambda ${lambda}: must be above 0, at most 1`);
  if (!(warmUp >= 1)) throw new RangeError(`warmUp ${warmUp}: must be 1 or more`);
  checkSeries(matching, total);
  const last = matching.length - 1;
  const [r, d] = [matching[last] ?? 0, total[last] ?? 0];
  let [known, mean, variance] = [0, 0, 0];
  for (let i = 0; i < last; i += 1) {
    if (total[i] === 0) continue;
    known += 1;
    const weight = Math.max(lambda, 1 / known);
    const delta = matching[i]! / total[i]! - mean;
    mean += weight * delta;
    variance = (1 - weight) * (variance + weight * delta * delta);
  }
  if (known < warmUp || d === 0) return 0;
  return (r - mean * d) / Math.sqrt(1 + Math.max(mean * d, variance * d * d));
}
