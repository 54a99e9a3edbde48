import type { Steps } from '@afk/text';

/** How well two words go together, -1 to 1. */
export type Affinity = (a: number, b: number) => number;

/** Words this near each other are said together: some sentences' worth, stop words left out. */
const WINDOW = 10;
/** A fresh sample is thought to be half the size of the one at hand. */
const FRESH = 0.5;
/** What a pair counts that does not meet in the fresh sample. */
const APART = -0.5;
const DOCS_A_STEP = 256;

type Counts = {
  /** a * width + b, a < b -> slot. */
  slots: Map<number, number>;
  /** By slot: windows, and docs, in which the pair meets. */
  together: Uint32Array;
  docs: Uint32Array;
  /** By column. */
  single: Uint32Array;
  windows: number;
};

/**
 * The affinity that pairs of words would show in other docs of the same kind. Normalised pointwise mutual information in
 * windows of ten words (Bouma 2009; in windows: Röder, Both & Hinneburg 2015) flatters rare words: two that met once by
 * chance look inseparable. Of a pair that met in d docs, a fresh sample half the size has none with probability
 * exp(-d/2) (Poisson), and then the pair counts -1/2: (1 - exp(-d/2)) NPMI - exp(-d/2)/2.
 *
 * Counts only pairs within a list. Time: words x window; memory: pairs of the lists.
 */
export function* affinityOf(
  sequences: readonly Int32Array[],
  width: number,
  lists: readonly Int32Array[],
): Steps<Affinity> {
  const counts = emptyCounts(width, lists);
  const { slots, together, docs, single } = counts;
  for (const [doc, sequence] of sequences.entries()) {
    countDoc(counts, sequence, width);
    if (doc % DOCS_A_STEP === DOCS_A_STEP - 1) yield;
  }
  return (a, b) => {
    const slot = slots.get(keyOf(a, b, width));
    if (slot === undefined || docs[slot] === 0) return APART;
    const both = together[slot]! / counts.windows;
    const independent = (single[a]! / counts.windows) * (single[b]! / counts.windows);
    // Two words of every window: nothing can be said, and nothing divided.
    const mutual = both < 1 ? Math.log(both / independent) / -Math.log(both) : 0;
    const absent = Math.exp(-FRESH * docs[slot]!);
    return (1 - absent) * mutual + absent * APART;
  };
}

const keyOf = (a: number, b: number, width: number): number => Math.min(a, b) * width + Math.max(a, b);

function emptyCounts(width: number, lists: readonly Int32Array[]): Counts {
  const slots = new Map<number, number>();
  for (const list of lists) {
    for (const [n, a] of list.entries()) {
      for (const b of list.subarray(0, n)) {
        const key = keyOf(a, b, width);
        if (!slots.has(key)) slots.set(key, slots.size);
      }
    }
  }
  return {
    slots,
    together: new Uint32Array(slots.size),
    docs: new Uint32Array(slots.size),
    single: new Uint32Array(width),
    windows: 0,
  };
}

/** A text no longer than the window is one window. */
function countDoc(counts: Counts, sequence: Int32Array, width: number): void {
  const met = new Set<number>();
  const ends = Math.max(1, sequence.length - WINDOW + 1);
  for (let start = 0; start < ends; start += 1) {
    const words = new Set(sequence.subarray(start, start + WINDOW));
    words.delete(-1);
    counts.windows += 1;
    countWindow(counts, [...words], width, met);
  }
  for (const slot of met) counts.docs[slot]! += 1;
}

function countWindow(counts: Counts, words: readonly number[], width: number, met: Set<number>): void {
  for (const [n, a] of words.entries()) {
    counts.single[a]! += 1;
    for (let m = 0; m < n; m += 1) {
      const slot = counts.slots.get(keyOf(a, words[m]!, width));
      if (slot === undefined) continue;
      counts.together[slot]! += 1;
      met.add(slot);
    }
  }
}
