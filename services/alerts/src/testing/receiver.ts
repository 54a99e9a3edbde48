import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it came in; `body` is the text that was signed. */
export type Received = {
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string;
};
export type Answer = (response: ServerResponse, received: Received, number: number) => void;

export const ok: Answer = (response) => void response.writeHead(204).end();
export const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);

export type Receiver = {
  port: number;
  url: (path: string) => string;
  /** What came, on one path or all. */
  received: (path?: string) => Received[];
  on: (path: string, answer: Answer) => void;
  close(): Promise<void>;
};

/** Somebody's webhooks: a real HTTP server on loopback, an answer a path, 204 for the rest. */
export async function startReceiver(): Promise<Receiver> {
  const answers = new Map<string, Answer>();
  const all: Received[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then((body) => {
      const received = { path: request.url!, method: request.method!, headers: flat(request), body };
      all.push(received);
      const number = all.filter((r) => r.path === received.path).length;
      return (answers.get(received.path) ?? ok)(response, received, number);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    received: (path) => all.filter((r) => path === undefined || r.path === path),
    on: (path, answer) => void answers.set(path, answer),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const flat = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** What a receiver computes by the specification, without a line of ours. */
export function expectedSignature(secret: string, { headers, body }: Received): string {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(signed, 'utf8').digest('base64')}`;
}
