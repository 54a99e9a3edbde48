import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DeadlineExceeded, Permanent, RequestFailed, Unavailable } from '@afk/bus';
import type { http } from '@afk/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

export type FieldError = { field: string; message: string };

export const PROBLEM_TYPE = 'application/problem+json';

/** When to ask again after a 503, seconds: a service that comes back is known to the bus within five. */
const RETRY_AFTER_S = 5;

/** An answer other than the one asked for, in words that the caller may see. */
export class ProblemError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];

  constructor(status: number, detail: string, errors: readonly FieldError[] = [], options?: ErrorOptions) {
    super(detail, options);
    this.name = 'ProblemError';
    this.status = status;
    this.errors = errors;
  }
}

/** RFC 9457. `instance` is the request's own id, which the log has, too. */
export function problemBody(
  status: number,
  detail: string,
  requestId?: string,
  errors: readonly FieldError[] = [],
) {
  const body: http.Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
  return body;
}

/** Answers any error as a problem. Only what is the caller's to know is said; the log has the rest. */
export function sendProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, message, errors } = asProblem(error, request);
  if (status === 500) request.log.error({ err: error, url: request.url }, 'request failed');
  else if (status > 500) request.log.warn({ error: error.message, url: request.url }, 'request not served');
  if (status === 503) reply.header('retry-after', RETRY_AFTER_S);
  return reply
    .code(status)
    .header('content-type', PROBLEM_TYPE)
    .header('x-request-id', request.id)
    .send(JSON.stringify(problemBody(status, message, request.id, errors)));
}

export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0]!.slice(0, 200);
  return sendProblem(new ProblemError(404, `There is no ${request.method} ${path}`), request, reply);
}

function asProblem(error: FastifyError | Error, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof Unavailable)
    return new ProblemError(503, 'A part of AFK is not there now. Try again soon.');
  if (error instanceof DeadlineExceeded) return new ProblemError(504, 'The search had no answer in time.');
  if (error instanceof Permanent) return new ProblemError(400, 'The search does not take this query.');
  if (error instanceof RequestFailed) return new ProblemError(502, 'The search failed.');
  if (isDatabaseAway(error)) return new ProblemError(503, 'The database is not there now. Try again soon.');
  const { validation, validationContext, statusCode } = error as FastifyError;
  if (validation) {
    const inBody = validationContext === 'body';
    const detail = `The request has ${inBody ? 'fields' : 'parameters'} that are wrong.`;
    return new ProblemError(400, detail, fieldErrors(validation, request, inBody));
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProblemError(statusCode, error.message);
  }
  return new ProblemError(500, 'Something went wrong here. The log has it under the id of this instance.');
}

/** Names each parameter, or field of the body, that is wrong, an unknown one by its own name. */
function fieldErrors(
  validation: NonNullable<FastifyError['validation']>,
  request: FastifyRequest,
  inBody: boolean,
): FieldError[] {
  const { querystring, body } = request.routeOptions.schema ?? {};
  const shape = ((inBody ? body : querystring) as { shape?: object } | undefined)?.shape ?? {};
  const known = Object.keys(shape).join(', ') || 'none';
  const kind = inBody ? 'field' : 'parameter';
  return validation.flatMap(({ keyword, params, instancePath, message = 'is wrong' }) =>
    (keyword as string) === 'unrecognized_keys'
      ? (params['keys'] as string[]).map((field) => ({
          field,
          message: `unknown ${kind}; known here: ${known}`,
        }))
      : [{ field: instancePath.slice(1) || (inBody ? 'body' : ''), message }],
  );
}

/** System errors of a socket that does not come about or breaks, and PostgreSQL's classes for "not now". */
function isDatabaseAway(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    typeof code === 'string' &&
    /^(ECONN\w+|EPIPE|E\w+UNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|(08|53|57)\w{3})$/.test(code)
  );
}

const unreadable: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is not HTTP, or too much of it: no request comes about, only a socket. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = unreadable[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problemBody(status, 'The request cannot be read.'));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
