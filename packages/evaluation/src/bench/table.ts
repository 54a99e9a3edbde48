import { median } from '../metrics/median.ts';
import type { Measured } from './measured.ts';

/** Medians of several rounds, figure by figure; undefined where a round had no result. */
export function mediansOf(rounds: readonly Measured[]): Measured {
  return {
    size: rounds[0]!.size,
    batch: medians(rounds.map(({ batch }) => batch)),
    incremental: medians(rounds.map(({ incremental }) => incremental)),
  };
}

function medians<T extends Record<string, number>>(rounds: readonly (T | undefined)[]): T | undefined {
  const known = rounds.filter((round) => round !== undefined);
  if (known.length < rounds.length) return undefined;
  const names = Object.keys(known[0]!);
  return Object.fromEntries(names.map((name) => [name, median(known.map((round) => round[name]!))])) as T;
}

/** For people. `news`: headlines of the incremental run. */
export function tableOf(measured: readonly Measured[], news: number, limit: number): string {
  const head = ['headlines', 'batch s', 'peak MB', 'stories', `+${news}: s`, 'peak MB', 'rows', 'restore s'];
  const none = `> ${limit} s`;
  const lines = measured.map(({ size, batch, incremental }) => [
    size.toLocaleString('en'),
    ...(batch
      ? [batch.seconds.toFixed(2), batch.peak_mb.toFixed(0), String(batch.stories)]
      : [none, '–', '–']),
    ...(incremental
      ? [
          incremental.seconds.toFixed(2),
          incremental.peak_mb.toFixed(0),
          String(incremental.rows),
          incremental.restore_seconds.toFixed(2),
        ]
      : [batch ? none : '–', '–', '–', '–']),
  ]);
  const widths = head.map((_, c) => Math.max(...[head, ...lines].map((line) => line[c]!.length)));
  return [head, ...lines]
    .map((line) => line.map((cell, c) => cell.padStart(widths[c]!)).join('  '))
    .join('\n');
}
