import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of the outside world, as a test plays it: an answer a path, 404 for the rest. */
export async function playServer(answers: Record<string, Answer> = {}) {
  const routes = new Map(Object.entries(answers));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const answer = routes.get(request.url!);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    on: (path: string, answer: Answer) => void routes.set(path, answer),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A feed with an ETag, answered 304 to whoever has it. */
export const feed =
  (body: string): Answer =>
  (request, response) => {
    const etag = `"${body.length}"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag, 'content-type': 'application/rss+xml' }).end(body);
  };
