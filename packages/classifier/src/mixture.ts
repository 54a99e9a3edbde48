import type { Steps } from '@afk/text';
import { fitTemperature } from './calibration.ts';

/** Factors of the members' logits in the mixture, calibrated. */
export type Mixture = readonly [number, number];

// Shares of the second member that are tried; halfway unless held-out examples say otherwise.
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** How many nats of evidence it takes to leave the second member out, or the first. */
const RELUCTANCE = 4;

/**
 * How to add the logits of two members: each is brought to the same spread, then share and temperature are those that make
 * held-out logits most likely, the share held near a half by a quadratic penalty, which evidence of many examples outweighs.
 */
export function* fitMixture(
  first: Float64Array,
  second: Float64Array,
  targets: Int32Array,
  labels: number,
): Steps<Mixture> {
  const spreads = [spreadOf(first), spreadOf(second)] as const;
  let best: { loss: number; factors: Mixture } = {
    loss: Infinity,
    factors: [0.5 / spreads[0], 0.5 / spreads[1]],
  };
  for (const share of SHARES) {
    const a = (1 - share) / spreads[0];
    const b = share / spreads[1];
    const mixed = first.map((value, i) => a * value + b * second[i]!);
    const { temperature, loss } = fitTemperature(mixed, targets, labels);
    const penalised = loss + (4 * RELUCTANCE * (share - 0.5) ** 2) / targets.length;
    if (penalised < best.loss) best = { loss: penalised, factors: [a / temperature, b / temperature] };
    yield;
  }
  return best.factors;
}

/** Root mean square; logits here are centred. 1 when there is nothing to see. */
export function spreadOf(logits: Float64Array): number {
  const squares = logits.reduce((sum, value) => sum + value * value, 0);
  return squares > 0 ? Math.sqrt(squares / logits.length) : 1;
}
