/**
 * Lower case, compatibility forms unified (ﬁ, full-width), accents and ligatures folded: `Cœur d'Élysée` and
 * `coeur d'elysee` become the same string. Needed because readers type without accents and
 * capital headlines drop them.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[œæßøłđ]/g, (c) => LIGATURES[c] ?? c)
    .toLowerCase();
}

// Most words: nothing to fold, so no normalisation to pay for.
const PLAIN = /^[\w\s'.,-]*$/;

// Letters that Unicode does not decompose but that French and English readers type as ASCII.
const LIGATURES: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' };

/**
 * A headline reduced to what must agree for two to be the same headline: folded words and numbers,
 * single spaces, nothing else. Empty when the headline has no letter and no digit.
 */
export function titleKey(title: string): string {
  return (fold(title).match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}
