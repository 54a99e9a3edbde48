/** A seeded generator (mulberry32): the same seed, the same numbers. @returns one that gives [0, 1) */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number in [0, 1) that follows from the parts, whichever process asks. */
export function chance(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = seed >>> 0;
  for (const c of parts.join('\n')) hash = Math.imul(hash ^ c.codePointAt(0)!, 0x01000193) >>> 0;
  return generator(hash)();
}

/** Fisher and Yates. */
export function shuffled<T>(random: () => number, items: readonly T[]): T[] {
  const deck = [...items];
  for (let i = deck.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [deck[i], deck[j]] = [deck[j]!, deck[i]!];
  }
  return deck;
}
