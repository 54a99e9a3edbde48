import { http } from '@afk/contracts';
import { hostile } from './stories.ts';

/** Hours ago, kind, headlines, and which other trend: a place in the list, or the label of one that is gone. */
type Told = [hours: number, kind: http.TrendEvent['kind'], headlines: number, other?: number | string];

const rain = 'No rain in sight for the Valmorin plateau, say the forecasters of three countries';
const wells = 'Puits à sec : « du jamais vu » dans les fermes du plateau';
const hostileLabel = (hostile.headlines[0] as [string, string])[1];

/** A long life that knew everything, a short one, one with a hostile neighbour, and one that nothing is known of. */
const lives: Told[][] = [
  [
    [1, 'grown', 41],
    [3, 'absorbed', 27, wells],
    [5, 'split', 22, 2],
    [9, 'grown', 24],
    [12, 'revived', 16],
    [50, 'slept', 0],
    [75, 'grown', 14],
    [80, 'absorbed', 9, rain],
    [81, 'grown', 7],
    [101, 'revived', 4],
    [128, 'slept', 2],
    [150, 'merged', 5, 1],
    [160, 'grown', 5],
    [172, 'revived', 3],
    [199, 'slept', 1],
    [230, 'split_from', 3, 3],
  ],
  [[6, 'born', 3]],
  [
    [5, 'split_from', 6, 0],
    [5, 'grown', 9],
  ],
  [],
  [
    [1, 'absorbed', 12, hostileLabel],
    [2, 'split', 8, 0],
    [4, 'born', 3],
  ],
];

/** The histories of these trends, by their ids; the lives above in turn. */
export function fakeHistories(
  details: readonly http.TrendDetail[],
  asOf: Date,
): Map<string, http.TrendHistory> {
  return new Map(details.map((d, index) => [d.id, historyOf(d, index, details, asOf)]));
}

function historyOf(
  { id }: http.TrendDetail,
  index: number,
  details: readonly http.TrendDetail[],
  asOf: Date,
): http.TrendHistory {
  const told = lives[index % lives.length] as Told[];
  const items = told.map(([hours, kind, headlines, other]) => ({
    at: new Date(asOf.getTime() - hours * 3_600_000).toISOString(),
    kind,
    batch_id: `batch-${String(Math.max(1, 9 - hours)).padStart(4, '0')}`,
    headlines,
    other: other === undefined ? null : otherOf(other, id, details),
  }));
  return http.trendHistory.parse({ trend_id: id, total: items.length, items });
}

function otherOf(
  other: number | string,
  id: string,
  details: readonly http.TrendDetail[],
): http.TrendEvent['other'] {
  if (typeof other === 'string')
    return { id: `into-${id}`, label: other, language: other === wells ? 'fr' : 'en', merged_into: id };
  const trend = details[other % details.length] as http.TrendDetail;
  return { id: trend.id, label: trend.label, language: trend.languages[0] ?? null, merged_into: null };
}
