import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a server got: `body` is the parsed JSON. */
export type Request = { path: string; authorization: string | undefined; body: unknown };
/** What it does: JSON with a status, a text as it is, nothing ever, or after so many ms. */
export type Reply = { status?: number; headers?: Record<string, string>; afterMs?: number } & (
  | { json: unknown }
  | { text: string }
  | { never: true }
);

export type TestServer = {
  url: string;
  requests: Request[];
  /** The most requests that were in hand at once. */
  most: () => number;
  close(): Promise<void>;
};

/** A small real HTTP server on loopback that answers as it is told. */
export async function startServer(
  reply: (request: Request, number: number) => Reply,
  port = 0,
): Promise<TestServer> {
  const requests: Request[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((incoming, response) => {
    most = Math.max(most, ++open);
    response.once('close', () => open--);
    void read(incoming).then((text) => {
      const request = {
        path: incoming.url ?? '',
        authorization: incoming.headers.authorization,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      return send(response, reply(request, requests.push(request)));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${own}`, requests, most: () => most, close: () => close(server) };
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if ('never' in reply) return;
  if (reply.afterMs) await sleep(reply.afterMs);
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
  response.end('json' in reply ? JSON.stringify(reply.json) : reply.text);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export type PredictBody = { texts: string[]; languages: string[]; labels: string[] };

/** A server of the contract: what has "cup" in it is sport, what has "rain" weather, all else politics. */
export function classifierServer(
  model = 'tiny-setfit',
): (request: Request) => Reply & { json: { model: string; predictions?: object[] } } {
  return ({ path, body }) => {
    if (path === '/health') return { json: { model } };
    const { texts } = body as PredictBody;
    const label = (text: string): string =>
      /cup/i.test(text) ? 'sport' : /rain/i.test(text) ? 'weather' : 'politics';
    return { json: { model, predictions: texts.map((t) => ({ label: label(t), probability: 0.9 })) } };
  };
}

type Chat = { messages: { role: string; content: string }[] };
/** The headlines that a language model was sent. */
export function headlinesOf({ body }: Request): { n: number; text: string }[] {
  const { content } = (body as Chat).messages[1]!;
  return (JSON.parse(content) as { headlines: { n: number; text: string }[] }).headlines;
}

/** What a language model answers whose text is `content`. */
export const completion = (content: unknown, more: object = {}): Reply => ({
  json: {
    choices: [
      {
        finish_reason: 'stop',
        message: { content: typeof content === 'string' ? content : JSON.stringify(content) },
        ...more,
      },
    ],
  },
});
