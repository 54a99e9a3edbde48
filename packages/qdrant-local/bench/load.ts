import { request } from 'node:http';
import type { Agent } from 'node:http';

/** Sends JSON and resolves with the answer's text. A client as light as may be: it shares the cores with the server. */
export function send(agent: Agent, method: string, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    const headers = { 'content-type': 'application/json', 'content-length': length };
    const call = request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text.slice(0, 200)}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends the bodies from so many clients, each its next when it has its answer. Milliseconds of each, and overall. */
export async function sendAll(
  clients: number,
  bodies: readonly string[],
  post: (body: string) => Promise<unknown>,
): Promise<{ samples: number[]; took: number }> {
  const samples: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < bodies.length) {
      const body = bodies[next++] as string;
      const before = performance.now();
      await post(body);
      samples.push(performance.now() - before);
    }
  };
  const before = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return { samples, took: performance.now() - before };
}
