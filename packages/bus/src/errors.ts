/**
 * Try again, after at least `ms` milliseconds. Counts as an attempt.
 *
 * @throws RangeError where `ms` is no number of milliseconds (a header that was not there, say)
 */
export class RetryLater extends Error {
  readonly ms: number;
  constructor(ms: number, message = `retry in ${ms} ms`, options?: ErrorOptions) {
    super(message, options);
    if (!Number.isFinite(ms) || ms < 0)
      throw new RangeError(`RetryLater(${ms}): not a number of milliseconds`);
    this.name = 'RetryLater';
    this.ms = ms;
  }
}

/** No attempt will ever succeed: dead letter at once. */
export class Permanent extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Permanent';
  }
}

/** What is needed is not there now: nobody serves, the connection is gone, Redis refuses for a while. */
export class Unavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Unavailable';
  }
}

/** A request without an answer at its deadline. */
export class DeadlineExceeded extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DeadlineExceeded';
  }
}

/** A server's own refusal or failure of a request, in its words. */
export class RequestFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RequestFailed';
  }
}

/** How many more attempts an event has while something that its handler needs is away. */
export const PATIENCE = 4;

const absences =
  /^(?:E(?:CONN\w+|TIMEDOUT|PIPE|NOTFOUND|AI_AGAIN|HOSTUNREACH)|08\w{3}|57P0\d|53300|UND_ERR_\w+)$/;

/**
 * Whether an error, or what caused it, says that a server is not there (now): codes of Node, of
 * PostgreSQL's classes 08, 57P and 53300, of undici. The event is not at fault then.
 */
export function isAbsence(error: unknown): boolean {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    if (e instanceof Unavailable) return true;
    const { code } = e as { code?: unknown };
    if (typeof code === 'string' && absences.test(code)) return true;
    // pg gives these two no code.
    if (/^(?:Connection terminated|timeout exceeded when trying to connect)/.test(e.message)) return true;
  }
  return false;
}

/** The attempts that an event has in all after this error: an outage is waited out longer than a fault. */
export function attemptsFor(error: unknown, attempts: number): number {
  return isAbsence(error) ? attempts * PATIENCE : attempts;
}
