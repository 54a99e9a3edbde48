import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Requester } from '@afk/bus';
import type { http, Pipeline } from '@afk/contracts';
import type { Pool } from '@afk/database';
import type { Checks, Logger, Registry } from '@afk/runtime';
import type { TestEmitter } from '@afk/saved-searches';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** What the API needs from outside: everything that tests give and `main.ts` opens. */
export type Deps = {
  db: Pool;
  ask: Requester['ask'];
  pipeline: Pipeline;
  /** The newest dead letters of all services, at most `limit`, with how many there are. @throws Unavailable */
  deadLetters: (limit: number) => Promise<{ total: number; items: http.DeadLetter[] }>;
  /** Has a test of a saved search delivered. @throws Unavailable */
  emitTest: TestEmitter;
  /** Webhooks may lie on private and loopback addresses. */
  allowPrivateWebhooks: boolean;
  checks: () => Promise<Checks>;
  registry: Registry;
  version: string;
  log?: Logger;
  /** Longest wait for the answer to a search, ms. */
  searchDeadlineMs?: number;
};

/** A Fastify whose routes take their types from their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
