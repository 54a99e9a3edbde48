// The clients, a process of their own: what they cost is nobody else's. Prints one Load as JSON.
import { Agent, request } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { randomOf } from '@afk/text';
import type { Asked, Load, LoadTask, Parts } from './measured.ts';
import { quantile } from './quantile.ts';

const task = JSON.parse(await text(process.stdin)) as LoadTask;
const { hostname, port } = new URL(task.url);
const began = performance.now();
const counting = began + task.warm * 1000;
const end = counting + task.seconds * 1000;

const latencies: number[] = [];
const told: Parts[] = [];
let failures = 0;
let next = 0;

await Promise.all(Array.from({ length: task.clients }, (_, i) => client(i)));
process.stdout.write(`${JSON.stringify(loadOf())}\n`);

async function client(number: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { uniform } = randomOf(number + 1);
  // Clients that begin at once would stay in step.
  let due = began + uniform() * task.everyMs;
  for (;;) {
    if (task.everyMs > 0 && due > performance.now()) await sleep(due - performance.now());
    // From when it was to be sent, not from when it could be: who waits for the one before, waits.
    const from = task.everyMs > 0 ? due : performance.now();
    if (from >= end) break;
    const { status, body } = await send(agent, task.requests[next++ % task.requests.length]!);
    if (from >= counting) note(performance.now() - from, status, body);
    due += task.everyMs * (0.8 + 0.4 * uniform());
  }
  agent.destroy();
}

function note(ms: number, status: number, body: string): void {
  latencies.push(ms);
  if (status !== 200) failures += 1;
  // Reading the answer is the clients' own work; many of them would be in each other's way.
  else if (task.clients === 1) {
    const { took_ms } = JSON.parse(body) as { took_ms?: Parts };
    if (took_ms) told.push(took_ms);
  }
}

function send(agent: Agent, { method, path, body }: Asked): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = body
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      : {};
    const sent = request({ agent, hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function loadOf(): Load {
  const median = (name: keyof Parts): number =>
    quantile(
      told.map((parts) => parts[name]),
      0.5,
    );
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    rate: latencies.length / task.seconds,
    answers: latencies.length,
    failures,
    ...(told.length > 0
      ? {
          parts: {
            total: median('total'),
            bus: median('bus'),
            encode: median('encode'),
            vectors: median('vectors'),
          },
        }
      : {}),
  };
}
