import { readFileSync } from 'node:fs';
import type { RunResult } from './run.ts';

/** What `--once --json` prints on the last line. Counts of stages that were not reached are null. */
export type Summary = {
  batch_id: string | null;
  status: 'complete' | 'failed';
  headlines: number | null;
  classified: number | null;
  topics: number | null;
  trends: number | null;
  indexed: number | null;
  site_built: boolean;
  seconds: Record<string, number>;
  feeds: { total: number; failed: number; not_modified: number } | null;
  items: number | null;
  index_total: number | null;
  pages: number | null;
  peak_memory_mb: Record<string, number>;
  failure?: { service: string; reason: string };
};

export function summarise(result: RunResult, processes: readonly { name: string; pid: number }[]): Summary {
  const of = (event: string) => result.stages.find((s) => s.event === event)?.fields;
  const count = (event: string, field = 'count'): number | null =>
    (of(event)?.[field] as number | undefined) ?? null;
  const extracted = of('xml_processing_complete');
  const seconds = Object.fromEntries(result.stages.map((s) => [s.event, round(s.seconds)]));
  return {
    batch_id: (extracted?.batch_id as string | undefined) ?? null,
    status: result.status,
    headlines: count('xml_processing_complete'),
    classified: count('headlines_classified'),
    topics: count('topics_built'),
    trends: count('trends_built'),
    indexed: count('index_complete'),
    site_built: of('site_built') !== undefined,
    seconds: { ...seconds, total: round(result.stages.reduce((sum, s) => sum + s.seconds, 0)) },
    feeds: extracted
      ? {
          total: Number(extracted['feeds']),
          failed: Number(extracted['feeds_failed']),
          not_modified: Number(extracted['feeds_not_modified']),
        }
      : null,
    items: count('xml_processing_complete', 'items'),
    index_total: count('index_complete', 'total'),
    pages: count('site_built', 'pages'),
    peak_memory_mb: Object.fromEntries(processes.map(({ name, pid }) => [name, peakMemory(pid)])),
    ...(result.failure ? { failure: result.failure } : {}),
  };
}

/** Largest resident set of a process so far, MB; 0 where the system does not tell. */
function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
