import type { ModelRow } from '@afk/database';
import { table } from '../output.ts';

const share = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(3));
const stateOf = (m: ModelRow): string => (m.active ? (m.pinned ? 'active, chosen' : 'active') : '');
const originOf = (m: ModelRow): string => (m.shippedFrom === null ? 'trained here' : 'shipped');
export const unheard = (announced: boolean): string =>
  announced ? '' : ' (Redis is away: those who run notice with the next event)';

/** All of them, one a line. */
export function asTable(rows: readonly ModelRow[]): string {
  return table([
    ['VERSION', 'STATE', 'FROM', 'CREATED', 'EXAMPLES', 'UNLABELLED', 'ACCURACY', 'F1', 'ECE', 'MB'],
    ...rows.map((m) => [
      m.version,
      stateOf(m),
      originOf(m),
      m.createdAt.toISOString().slice(0, 16).replace('T', ' '),
      ...figures(m),
      (m.bytes / 1e6).toFixed(1),
    ]),
  ]);
}

function figures({ examples, metrics }: ModelRow): string[] {
  const { unlabelled, accuracy, macro_f1: f1, ece } = metrics;
  return [String(examples), String(unlabelled), share(accuracy), share(f1), share(ece)];
}

/** One, with the examples of each label. */
export function asPage(m: ModelRow): string {
  const labels = Object.entries(m.metrics.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [examples, unlabelled, accuracy, f1, ece] = figures(m) as [string, string, string, string, string];
  return table([
    ['version', m.version],
    ['state', stateOf(m) || 'stored'],
    ['from', originOf(m)],
    ['created', m.createdAt.toISOString()],
    ['size', `${m.bytes} bytes`],
    ['examples', examples],
    ['unlabelled headlines', unlabelled],
    ['accuracy', `${accuracy} (cross-validated)`],
    ['macro F1', f1],
    ['calibration error', ece],
    ...labels.map(([label, n]) => [`  ${label}`, String(n)]),
  ]);
}

/** The new one beside the active one. Both are judged on their own examples: a hint, no race. */
export function besides(trained: ModelRow, before: ModelRow | undefined): string {
  const names = ['examples', 'unlabelled', 'accuracy', 'macro F1', 'calibration error'];
  const [own, others] = [figures(trained), before ? figures(before) : []];
  return table([
    ['', 'NEW', 'ACTIVE UNTIL NOW'],
    ['version', trained.version, before?.version ?? 'none'],
    ...names.map((name, i) => [name, own[i]!, others[i] ?? '-']),
  ]);
}

/** @param announced undefined where it was not activated */
export function outcome({ version, active: is }: ModelRow, announced: boolean | undefined): string {
  if (announced !== undefined) return `${version} is active${unheard(announced)}`;
  return is ? `${version} is what was active before` : `stored, not active: afk models activate ${version}`;
}
