/** Numbers that look random and are the same on every machine. */
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  uniform: () => number;
  /** Standard normal. */
  gaussian: () => number;
};

/**
 * Mulberry32 (32 bits of state, public domain, T. Ettinger) for the uniform numbers; Marsaglia's polar method (1964) for the
 * normal ones, which needs no sine. A seed is taken modulo 2^32.
 */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  let spare: number | undefined;
  const gaussian = (): number => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const a = 2 * uniform() - 1;
      const b = 2 * uniform() - 1;
      const squares = a * a + b * b;
      if (squares === 0 || squares >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(squares)) / squares);
      spare = b * scale;
      return a * scale;
    }
  };
  return { uniform, gaussian };
}
