import { availableParallelism, loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { sourceOf } from '../bench/headlines.ts';
import { sharedData } from '../data/shared.ts';
import { measure } from './measure.ts';
import type { Measured } from './measured.ts';
import { tableOf, verdictsOf } from './table.ts';

const usage = `npm run bench:search -- [--sizes 10000,50000,200000] [--seconds 5] [--limit 300] [--data FOLDER] [--json]
  Index rate, memory, and milliseconds of searches at 1 and at 32 clients, through API, Redis, matcher and vector store, each a process,
  beside the same requests sent straight to the vector store.
  --seconds: how long each load lasts.  --limit: seconds that an index may take.  --json: the figures as JSON, last line.
  FOLDER: laid out like ../shared/data, the default; without one the headlines are invented.`;

// Whoever is told to end ends what it has started, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
// Connections of the stores, which end with this process, would keep it.
process.exit();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '10000,50000,200000' },
      seconds: { type: 'string', default: '5' },
      limit: { type: 'string', default: '300' },
      data: { type: 'string', default: sharedData },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const sizes = values.sizes.split(',').map((size) => positive(size, '--sizes', true));
  const timing = { limit: positive(values.limit, '--limit'), seconds: positive(values.seconds, '--seconds') };
  const { name } = sourceOf(values.data);
  // Others that compute at the same time are in these figures: whoever reads them is to know.
  const machine = { cores: availableParallelism(), load_before: loadavg()[0]! };
  const measured: Measured[] = [];
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  for (const size of sizes) measured.push(await measure(values.data, size, timing, say));
  const verdicts = verdictsOf(measured);
  const before = `${machine.cores} cores, load average ${machine.load_before.toFixed(1)} before it began`;
  process.stdout.write(`${name}, repeated with noise; titles alone; ${before}\n\n${tableOf(measured)}\n\n`);
  for (const { bar, value, kept } of verdicts) {
    const word = kept === undefined ? 'not known' : kept ? 'met' : 'NOT met';
    process.stdout.write(`bar: ${bar}: ${value}, ${word}\n`);
  }
  if (values.json)
    process.stdout.write(`${JSON.stringify({ source: name, machine, measured, bars: verdicts })}\n`);
}

/** @throws RangeError naming the option */
function positive(text: string, option: string, whole = false): number {
  const number = Number(text);
  if (!(number > 0) || (whole && !Number.isInteger(number)))
    throw new RangeError(`${option} ${text}: ${whole ? 'whole numbers' : 'a number'} above 0\n${usage}`);
  return number;
}
