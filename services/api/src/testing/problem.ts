import assert from 'node:assert/strict';
import { http } from '@afk/contracts';
import type { LightMyRequestResponse } from 'fastify';

/** The problem that an answer is, of this status. */
export function problemOf(response: LightMyRequestResponse, status: number): http.Problem {
  assert.equal(response.statusCode, status, response.body);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  return http.problem.parse(response.json());
}
