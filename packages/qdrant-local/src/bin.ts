#!/usr/bin/env node
import { env } from 'node:process';
import { parseArgs } from 'node:util';
import { startQdrantLocal } from './index.ts';

const USAGE = `qdrant-local [--path FOLDER] [--port NUMBER] [--host ADDRESS]

  --path   folder to keep the data in; without it, memory only
  --port   default 6333; 0 takes a free one
  --host   default 127.0.0.1

QDRANT__SERVICE__API_KEY in the environment: what every request must bring.
`;

const DEFAULT_PORT = '6333';

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port ${text}: not a port`);
  return port;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      path: { type: 'string' },
      port: { type: 'string', default: DEFAULT_PORT },
      host: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const warn = (message: string): boolean => process.stderr.write(`qdrant-local: ${message}\n`);
  const server = await startQdrantLocal({
    path: values.path,
    host: values.host,
    // By Qdrant's own name; an argument would be seen by every `ps`.
    apiKey: env['QDRANT__SERVICE__API_KEY'],
    port: readPort(values.port),
    warn,
  });
  process.stdout.write(`qdrant-local on ${server.url}, ${values.path ?? 'in memory'}\n`);
  const stop = (): void => {
    server.close().catch(fail);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function fail(cause: unknown): void {
  process.stderr.write(`qdrant-local: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exitCode = 1;
}

main().catch(fail);
