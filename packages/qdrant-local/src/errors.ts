/**
 * An answer that is not a success. `message` is what the client reads in `status.error`; the wording of the
 * prefixes follows the server's, since applications match on it.
 */
export class QdrantError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QdrantError';
    this.statusCode = statusCode;
  }
}

/** 400: a value that is well-formed but wrong for this collection. */
export const badInput = (description: string): QdrantError =>
  new QdrantError(400, `Wrong input: ${description}`);

/** 400: a request whose parts do not go together. */
export const badRequest = (description: string): QdrantError =>
  new QdrantError(400, `Bad request: ${description}`);

/** 400: a body that does not have the shape of the request (what serde refuses). */
export const formatError = (description: string): QdrantError =>
  new QdrantError(400, `Format error in JSON body: ${description}`);

/** 400: a query string that cannot be read. */
export const queryStringError = (description: string): QdrantError =>
  new QdrantError(400, `Deserialize error in query parameters: ${description}`);

/** 422: the right shape with values out of bounds. `where` is e.g. `JSON body` or `path parameters`. */
export const validationError = (where: string, problem: string): QdrantError =>
  new QdrantError(422, `Validation error in ${where}: [${problem}]`);

export const notFound = (description: string): QdrantError =>
  new QdrantError(404, `Not found: ${description}`);

export const alreadyExists = (description: string): QdrantError =>
  new QdrantError(409, `Wrong input: ${description}`);

/** 501: part of Qdrant that this package does not have. Never answer half of such a request. */
export const unsupported = (feature: string): QdrantError =>
  new QdrantError(501, `Not implemented: ${feature} is not supported by qdrant-local`);

export const internalError = (description: string, cause?: unknown): QdrantError =>
  new QdrantError(500, `Service internal error: ${description}`, { cause });
