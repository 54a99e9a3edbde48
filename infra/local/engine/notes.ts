/** A line among the test's own: what was measured. */
export const note = (line: string): void => void process.stdout.write(`    ▸ ${line}\n`);

/** Since `began`, as `12.3 s`. */
export const since = (began: number): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;
