import { parseArgs } from 'node:util';
import { measureMemory, memoryTable } from './memory.ts';
import { resultOf, tableOf } from './result.ts';
import { quick, round, whole } from './rounds.ts';
import { Samples } from './samples.ts';
import { startServer, type Server } from './server.ts';

/** `npm run bench:bus [-- --json] [--rounds 5] [--quick] [--memory]`: the bus beside what it is compared with. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds ${values.rounds}: not a whole number above 0`);
  process.exit(2);
}

const server = await startServer();
// It has a session of its own, so that it would outlive this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void server.stop().finally(() => process.exit(1)));
}
try {
  if (values.memory) await memory(server);
  else await compare(server);
} finally {
  await server.stop();
}

async function compare(on: Server): Promise<void> {
  const samples = new Samples();
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await round(on, values.quick ? quick : whole, samples, i % 2 === 1);
    console.error(`round ${i + 1} of ${rounds}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  console.log(`medians of ${rounds}\n\n${tableOf(samples)}`);
  if (values.json) console.log(JSON.stringify(resultOf(samples)));
}

async function memory(on: Server): Promise<void> {
  const events = values.quick ? 100_000 : 1_000_000;
  const growth = await measureMemory(on, events);
  console.log(`${events} events through three stages, a process each\n\n${memoryTable(growth)}`);
  if (values.quick)
    console.log('\nTen times fewer events than keep Redis full: its verdict needs the whole run.');
  if (values.json) console.log(JSON.stringify(growth));
}
