import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Asked } from './measured.ts';

/** Stands between a client and a Qdrant, and remembers the searches that pass. */
export type Recorder = { url: string; searches: Asked[]; close(): Promise<void> };

export async function record(target: string): Promise<Recorder> {
  const searches: Asked[] = [];
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await text(request);
      const { method = 'GET', url = '/' } = request;
      if (method === 'POST' && /\/points\/query(?:\/batch)?(?:\?|$)/.test(url))
        searches.push({ method, path: url, body });
      const answer = await fetch(target + url, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body ? { body } : {}),
      });
      const type = answer.headers.get('content-type') ?? 'application/json';
      response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
    };
    pass().catch((error: Error) => response.writeHead(502).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    searches,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
