import type { NewHeadline } from '@afk/database';

export const headlineId = (n: number): string => `20000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const numberOf = ({ id }: { id: string }): number => Number(id.slice(-12));

/** A headline of this number, English, published on the nth of January 2026. */
export const headline = (n: number, title: string, more: Partial<NewHeadline> = {}): NewHeadline => ({
  id: headlineId(n),
  key: `k${n}`,
  title,
  url: `https://a.example/${n}`,
  summary: '',
  publisher: 'A',
  language: 'en',
  publishedAt: new Date(Date.UTC(2026, 0, n)),
  ...more,
});

const SYLLABLES = ['ba', 'ko', 'lu', 'mi', 'ra', 'se', 'to', 'vu'];
const REAL = {
  sea: 'whale ocean wave ship harbour sailor tide reef dolphin coast'.split(' '),
  money: 'bank market shares inflation budget trader bond profit economy rates'.split(' '),
  sport: 'goal match striker coach league referee penalty stadium season cup'.split(' '),
  law: 'court judge trial lawyer verdict prison appeal witness jury sentence'.split(' '),
};

/** Four subjects of 60 words each, invented ones but for ten: more words than LSA has components. */
const SUBJECTS = Object.values(REAL).map((words, s) => [
  ...words,
  ...Array.from({ length: 50 }, (_, i) => `${SYLLABLES[i % 8]}${SYLLABLES[(i >> 3) % 8]}${SYLLABLES[s]}x`),
]);

/** Headlines, each of ten words of one of four subjects: what LSA needs to find out which words go together. */
export function manyHeadlines(count: number, from = 1): NewHeadline[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const words = SUBJECTS[n % SUBJECTS.length]!;
    const picked = Array.from(
      { length: 10 },
      (_, w) => words[(n * 7 + w * w * 3 + w * (n >> 2)) % words.length]!,
    );
    const publishedAt = new Date(Date.UTC(2026, 0, 1) + n * 60_000);
    return headline(n, [...new Set(picked)].join(' '), { publishedAt, publisher: `Paper ${n % 9}` });
  });
}
