import type { Samples } from './samples.ts';

/** One comparison; rates are events a second, times µs. */
export type Compared = { ours: number; reference: number; ratio: number };

type Measure = { key: string; title: string; ours: string; reference: string; bar?: string };

const measures: readonly Measure[] = [
  {
    key: 'hop_c100',
    title: 'durable hop, concurrency 100 / BullMQ (events/s)',
    ours: 'hop_c100',
    reference: 'hop_c100/bull',
    bar: '>= 4',
  },
  {
    key: 'hop_c1',
    title: 'durable hop, concurrency 1 / BullMQ (events/s)',
    ours: 'hop_c1',
    reference: 'hop_c1/bull',
    bar: '>= 4',
  },
  {
    key: 'latency_p50',
    title: 'emit to handler, p50 / raw pub/sub (µs)',
    ours: 'p50/ours',
    reference: 'p50/raw',
    bar: '<= 3',
  },
  {
    key: 'latency_p99',
    title: 'emit to handler, p99 / raw pub/sub (µs)',
    ours: 'p99/ours',
    reference: 'p99/raw',
    bar: '<= 5',
  },
  {
    key: 'request_p50',
    title: 'request/reply, p50 / raw round trip (µs)',
    ours: 'request/ours',
    reference: 'request/raw',
    bar: '<= 4',
  },
  {
    key: 'emit',
    title: 'emit / bare ioredis XADD, pipelined (events/s)',
    ours: 'emit',
    reference: 'emit/bare',
    bar: '>= 0.6',
  },
  {
    key: 'article_loop',
    title: "emit / the article's loop of XADD (events/s)",
    ours: 'emit',
    reference: 'loop',
  },
  { key: 'bullmq_add', title: 'emit / BullMQ addBulk (events/s)', ours: 'emit', reference: 'add/bull' },
  {
    key: 'bullmq_latency_p50',
    title: 'emit to handler, p50 / BullMQ (µs)',
    ours: 'p50/ours',
    reference: 'p50/bull',
  },
  {
    key: 'bullmq_latency_p99',
    title: 'emit to handler, p99 / BullMQ (µs)',
    ours: 'p99/ours',
    reference: 'p99/bull',
  },
];

const ceilings = [
  ['redis_benchmark_p1', 'redis-benchmark XADD, -P 1'],
  ['redis_benchmark_p16', 'redis-benchmark XADD, -P 16'],
  ['redis_benchmark_p64', 'redis-benchmark XADD, -P 64'],
  ['emit/bare', 'bare ioredis XADD, two pipelines of 500'],
  ['read_ack', 'bare XREADGROUP and XACK, batches of 128'],
] as const;

/** Medians of the rounds, by key: comparisons first, then ceilings (events a second). */
export function resultOf(samples: Samples): Record<string, Compared | number> {
  const compared = measures.map(({ key, ours, reference }): [string, Compared] => {
    const [us, them] = [samples.median(ours), samples.median(reference)];
    return [key, { ours: rounded(us), reference: rounded(them), ratio: Number((us / them).toFixed(3)) }];
  });
  const raw = ceilings
    .filter(([key]) => key !== 'emit/bare' && samples.has(key))
    .map(([key]): [string, number] => [key, rounded(samples.median(key))]);
  return Object.fromEntries<Compared | number>([...compared, ...raw]);
}

/** The table for people. */
export function tableOf(samples: Samples): string {
  const result = resultOf(samples);
  const rows = measures.map(({ key, title, bar, ours: us, reference: them }) => {
    const { ours, reference, ratio } = result[key] as Compared;
    const reached = bar === undefined ? '' : meets(ratio, bar) ? 'yes' : 'no';
    const spread = samples
      .ratios(us, them)
      .map((r) => r.toFixed(2))
      .join('–');
    return [title, ratio.toFixed(2), spread, shown(ours), shown(reference), bar ?? '', reached];
  });
  const limits = ceilings
    .filter(([key]) => samples.has(key))
    .map(([key, title]) => [title, shown(rounded(samples.median(key)))]);
  const lines = [
    ...aligned([['measure', 'ratio', 'of the rounds', 'ours', 'reference', 'bar', 'reached'], ...rows]),
    '',
    ...aligned([['ceilings (events/s)', ''], ...limits]),
  ];
  if (!samples.has('redis_benchmark_p1')) lines.push('redis-benchmark is not installed: left out');
  return lines.join('\n');
}

function meets(ratio: number, bar: string): boolean {
  const limit = Number(bar.slice(3));
  return bar.startsWith('>=') ? ratio >= limit : ratio <= limit;
}

function rounded(value: number): number {
  return value < 10_000 ? Number(value.toFixed(1)) : Math.round(value);
}

function shown(value: number): string {
  return value.toLocaleString('en-GB');
}

/** The first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((r) => (r[c] ?? '').length)));
  return rows.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
  );
}
