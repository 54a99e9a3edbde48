import type { Load, Measured, Pair } from './measured.ts';

/** A promise, and whether a run keeps it; `kept` undefined: this run does not tell. */
export type Verdict = { bar: string; value: string; kept: boolean | undefined };

/** What was promised for the size of each promise, as far as it was measured. */
export function verdictsOf(measured: readonly Measured[]): Verdict[] {
  const at = (size: number): Measured | undefined => measured.find((one) => one.size === size);
  const [middle, large] = [at(50_000), at(200_000)];
  return [
    ...(middle ? latencyVerdicts(middle) : []),
    ...measured.map(({ size, one: { afk, store } }): Verdict => {
      const most = 1.5 * store.p50 + 2;
      const bar = `one client, ${count(size)}: p50 at most 1.5 x the store's + 2 ms = ${ms(most)} ms`;
      return { bar, value: `${ms(afk.p50)} ms`, kept: afk.p50 <= most };
    }),
    ...(large ? [memoryVerdict(large)] : []),
    ...measured.flatMap(indexVerdicts),
  ];
}

const latencyVerdicts = ({ full, paced }: Measured): Verdict[] =>
  (
    [
      ['as fast as they are answered', full],
      ['each a request a quarter of a second', paced],
    ] as const
  ).map(([how, { afk }]) => ({
    bar: `32 clients, 50,000, ${how}: p99 at most 25 ms`,
    value: `${ms(afk.p99)} ms`,
    kept: afk.p99 <= 25,
  }));

function memoryVerdict({ memory }: Measured): Verdict {
  const bar = '200,000: matcher and store within 1,500 MB at their highest';
  if (!memory) return { bar, value: 'not known on this system', kept: undefined };
  const peak = memory.matcher.peak + memory.store.peak;
  return { bar, value: `${peak.toFixed(0)} MB`, kept: peak <= 1500 };
}

const indexVerdicts = ({ size, indexing: { first, rebuild } }: Measured): Verdict[] =>
  (
    [
      ['first index', first],
      ['rebuilt with meanings', rebuild],
    ] as const
  ).map(([what, rate]) => ({
    bar: `${what}, ${count(size)}: at least 3,000 headlines/s`,
    value: rate === undefined ? 'none in time' : count(Math.round(rate)),
    kept: rate !== undefined && rate >= 3000,
  }));

/** For people. */
export function tableOf(measured: readonly Measured[]): string {
  return [
    'Indexing',
    ...aligned(
      [
        'headlines',
        'first/s',
        'rebuilt/s',
        'hybrid after s',
        'matcher peak MB',
        'after',
        'searched',
        'store peak MB',
        'after',
        'searched',
      ],
      measured.map(({ size, indexing, memory }) => [
        count(size),
        count(Math.round(indexing.first)),
        indexing.rebuild === undefined ? '–' : count(Math.round(indexing.rebuild)),
        indexing.hybrid_seconds?.toFixed(1) ?? '–',
        ...[memory?.matcher, memory?.store].flatMap((of) =>
          of ? [of.peak, of.after, of.searched].map((mb) => mb.toFixed(0)) : ['–', '–', '–'],
        ),
      ]),
    ),
    '',
    'Searching, ms: HTTP -> Redis -> matcher -> vectors, beside the same requests straight to the vector store',
    ...aligned(
      [
        'headlines',
        'clients',
        'p50',
        'p99',
        'a second',
        'store p50',
        'p99',
        'a second',
        'p50: ratio',
        'more',
      ],
      measured.flatMap(({ size, one, full, paced }) => [
        lineOf(size, '1', one),
        lineOf(size, '32', full),
        lineOf(size, '32 paced', paced),
      ]),
    ),
    '',
    'One client, medians of what the answers say of themselves, ms',
    ...aligned(
      ['headlines', 'total', 'bus', 'encode', 'vectors', 'requests to the store'],
      measured.map(({ size, one, store_requests }) => {
        const { parts } = one.afk;
        const told = parts
          ? [parts.total, parts.bus, parts.encode, parts.vectors].map(ms)
          : ['–', '–', '–', '–'];
        return [count(size), ...told, store_requests.toFixed(2)];
      }),
    ),
  ].join('\n');
}

const lineOf = (size: number, clients: string, { afk, store }: Pair): string[] => [
  count(size),
  clients,
  ...figures(afk),
  ...figures(store),
  (afk.p50 / store.p50).toFixed(2),
  ms(afk.p50 - store.p50),
];

const figures = ({ p50, p99, rate }: Load): string[] => [ms(p50), ms(p99), count(Math.round(rate))];
const ms = (value: number): string => value.toFixed(value >= 100 ? 0 : 1);
const count = (value: number): string => value.toLocaleString('en');

function aligned(head: string[], lines: string[][]): string[] {
  const widths = head.map((_, c) => Math.max(...[head, ...lines].map((line) => line[c]!.length)));
  return [head, ...lines].map((line) => line.map((cell, c) => cell.padStart(widths[c]!)).join('  '));
}
