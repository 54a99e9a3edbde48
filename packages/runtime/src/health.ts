import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from './metrics.ts';

/** What a service depends on, by name, and whether it is there. */
export type Checks = Record<string, { ok: boolean; detail?: string }>;

/** The answer of `/health`: 200 where every check is ok, else 503. */
export function healthBody(service: string, version: string, checks: Checks) {
  const ok = Object.values(checks).every((c) => c.ok);
  return { status: ok ? 200 : 503, body: { status: ok ? 'ok' : 'degraded', service, version, checks } };
}

/** Serves `/health` and `/metrics` of a service that has no HTTP of its own. */
export async function serveHealth(options: {
  service: string;
  version: string;
  host: string;
  port: number;
  registry: Registry;
  checks: () => Promise<Checks>;
}): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(options, request.url ?? '/')
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body))
      .catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function answer(
  { service, version, registry, checks }: Parameters<typeof serveHealth>[0],
  url: string,
): Promise<{ status: number; type: string; body: string }> {
  if (url === '/health') {
    const { status, body } = healthBody(service, version, await checks());
    return { status, type: 'application/json', body: JSON.stringify(body) };
  }
  if (url === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  return { status: 404, type: 'text/plain', body: 'here are /health and /metrics\n' };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
