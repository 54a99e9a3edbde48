import { checkSeries, sum, type Series } from './hours.ts';

export type BurstOptions = {
  /** How many times the usual share a burst has, above 1. Default 2. */
  scaling?: number;
  /** What entering a burst costs, in units of ln(bins). Default 1. Higher: fewer, longer bursts. */
  gamma?: number;
};

export type Burst = {
  /** Per bin: 1 in a burst, 0 not. */
  states: Uint8Array;
  /** Whether a burst goes on at the end of the series. */
  active: boolean;
  /** Of that burst: the sum of the gains of its bins, natural logarithms; 0 without one. */
  weight: number;
  /** Its first bin; -1 without one. */
  start: number;
};

/** A burst is held to go on until the evidence against it has reached this part of what entering one costs. */
const HELD = 0.5;
const STAYS = 1;
const FALLS = 2;

/**
 * Kleinberg's automaton with two states, for batches of documents (Bursty and Hierarchical Structure in Streams, KDD
 * 2002, section 4; Data Mining and Knowledge Discovery 7, 2003). With R of all D headlines matching, a bin of r in d costs
 *
 *     sigma_i = -(r ln p_i + (d - r) ln(1 - p_i)),   p_0 = R / D,   p_1 = scaling p_0
 *
 * and each step up costs gamma ln(bins), each step down nothing; the states are the cheapest way (Viterbi). p_1 goes at
 * most half of the way from p_0 to 1, since scaling p_0 may be no probability. All of it counts against the total: what
 * lifts all headlines is no burst.
 *
 * Kleinberg's automaton leaves a burst after its last busy bin, since leaving is free: one quiet hour at the end of the
 * series would end it, and the next busy one join it again. So `active` also says yes while that is undecided: as long as
 * what the quiet bins say against the burst is less than half of the cost of a new one. Time O(bins).
 *
 * @throws RangeError where the series are no counts (`checkSeries`), scaling <= 1 or gamma < 0
 */
export function findBurst(matching: Series, total: Series, options: BurstOptions = {}): Burst {
  const { scaling = 2, gamma = 1 } = options;
  if (!(scaling > 1 && scaling < Infinity)) throw new RangeError(`scaling ${scaling}: must be above 1`);
  if (!(gamma >= 0 && gamma < Infinity)) throw new RangeError(`gamma ${gamma}: must be 0 or more`);
  checkSeries(matching, total);
  const bins = matching.length;
  const all = sum(total, 0, bins);
  const usual = all > 0 ? sum(matching, 0, bins) / all : 0;
  if (usual === 0 || usual >= 1) return { states: new Uint8Array(bins), active: false, weight: 0, start: -1 };
  const gains = gainsOf(matching, total, usual, Math.min(scaling * usual, (1 + usual) / 2));
  return trace(gains, gamma * Math.log(bins));
}

/** How much less each bin costs in a burst than outside of one; negative where it costs more. */
function gainsOf(matching: Series, total: Series, p0: number, p1: number): Float64Array {
  const [told, untold] = [Math.log(p1 / p0), Math.log((1 - p1) / (1 - p0))];
  const gains = new Float64Array(matching.length);
  for (let i = 0; i < gains.length; i += 1)
    gains[i] = matching[i]! * told + (total[i]! - matching[i]!) * untold;
  return gains;
}

/** The cheapest way through the states, from the first bin on; it begins outside of a burst. */
function trace(gains: Float64Array, entering: number): Burst {
  const moves = new Uint8Array(gains.length);
  // Costs of the cheapest way that ends here in a burst, less that of the one that does not: all that has to be known.
  let margin = Infinity;
  for (let i = 0; i < gains.length; i += 1) {
    moves[i] = (margin <= entering ? STAYS : 0) | (margin < 0 ? FALLS : 0);
    margin = Math.min(margin, entering) - gains[i]! - Math.min(margin, 0);
  }
  const states = statesOf(moves, margin < 0);
  const start = entryOf(moves);
  const active = margin < 0 || (margin < HELD * entering && states[start] === 1);
  if (!active) return { states, active: false, weight: 0, start: -1 };
  let weight = 0;
  for (let i = start; i < gains.length; i += 1) if (states[i] === 1) weight += gains[i]!;
  return { states, active, weight, start };
}

function statesOf(moves: Uint8Array, inBurst: boolean): Uint8Array {
  const states = new Uint8Array(moves.length);
  let state = inBurst ? 1 : 0;
  for (let i = moves.length - 1; i >= 0; i -= 1) {
    states[i] = state;
    if (state === 1 && !(moves[i]! & STAYS)) state = 0;
    else if (state === 0 && moves[i]! & FALLS) state = 1;
  }
  return states;
}

/** Where the cheapest way that ends in a burst entered it. */
function entryOf(moves: Uint8Array): number {
  let i = moves.length - 1;
  while (i > 0 && moves[i]! & STAYS) i -= 1;
  return i;
}
