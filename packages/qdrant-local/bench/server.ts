/* The server in a process of its own for bench/http.ts and bench/snapshot.ts, which ask it for its memory and its longest turns. */
import { startQdrantLocal } from '../src/index.ts';
import { memory, round } from './figures.ts';

const send = (message: object): boolean | undefined => process.send?.(message);

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The longest time between two turns of the event loop, by the clock and of this thread's own work. */
let longest = { clock: 0, work: 0 };
let last = { clock: performance.now(), work: cpuMs() };

setInterval(() => {
  const now = { clock: performance.now(), work: cpuMs() };
  longest = {
    clock: Math.max(longest.clock, now.clock - last.clock),
    work: Math.max(longest.work, now.work - last.work),
  };
  last = now;
}, 1).unref();

const before = { clock: performance.now(), cpu: process.cpuUsage() };
const server = await startQdrantLocal({ path: process.argv[2] });
const { user, system } = process.cpuUsage(before.cpu);

process.on('message', (message) => {
  if (message === 'figures') {
    const turns = { blocked: round(longest.clock, 1), blockedWork: round(longest.work, 1) };
    const peak = round(process.resourceUsage().maxRSS / 1024, 0);
    send({ ...memory(), ...turns, peak, cpu: process.cpuUsage() });
    // The collection of garbage that was asked for is not one of them.
    last = { clock: performance.now(), work: cpuMs() };
    longest = { clock: 0, work: 0 };
  } else void server.close().then(() => process.disconnect?.());
});
send({ url: server.url, opened: performance.now() - before.clock, openedCpu: (user + system) / 1000 });
