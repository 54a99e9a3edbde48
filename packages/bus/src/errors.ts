/** Try again, after at least `ms` milliseconds. Counts as an attempt. */
export class RetryLater extends Error {
  readonly ms: number;
  constructor(ms: number, message = `retry in ${ms} ms`, options?: ErrorOptions) {
    super(message, options);
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

/** A request that nobody serves now, or whose connection is gone. */
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
