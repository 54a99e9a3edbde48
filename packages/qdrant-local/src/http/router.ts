import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkTimeout } from './params.ts';
import type { Call } from './params.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** In place of a result: the answer says 202, since the work goes on without it. */
export const ACCEPTED = Symbol('accepted');

/** Answers a call with the envelope's `result`, or throws a QdrantError. */
export type Handler = (call: Call) => unknown;

export type Route = readonly [method: Method, path: string, handler: Handler];

declare module 'fastify' {
  interface FastifyRequest {
    /** `performance.now()` when the request came. */
    startedAt: number;
  }
}

/** Seconds since the request came: the envelope's `time`. */
export const elapsed = (request: FastifyRequest): number => (performance.now() - request.startedAt) / 1000;

export const accepted = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply.code(202).send({ status: 'accepted', time: elapsed(request) });

/** Registers routes whose answers go into the envelope `{ result, status, time }`. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  for (const [method, url, handler] of routes) {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const call: Call = {
          params: request.params as Record<string, string>,
          query: request.query as Record<string, string>,
          body: request.body,
        };
        checkTimeout(call);
        const result = await handler(call);
        if (result === ACCEPTED) return accepted(request, reply);
        return { result, status: 'ok', time: elapsed(request) };
      },
    });
  }
}
