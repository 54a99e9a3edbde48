export { backoff } from './backoff.ts';
export { emit } from './emit.ts';
export { excerpt, parseObject, type AnyEvent } from './envelope.ts';
export { DeadlineExceeded, Permanent, RequestFailed, RetryLater, Unavailable } from './errors.ts';
export { batchIdOf, derivedId, newId } from './ids.ts';
export {
  listenBroadcast,
  sendBroadcast,
  type BroadcastListener,
  type Message,
  type Missed,
  type Reread,
} from './live/broadcast.ts';
export { Subscriptions } from './live/subscriptions.ts';
export {
  openTokenStream,
  readTokenStream,
  type Token,
  type TokensEnd,
  type TokenStreamOptions,
  type TokenWriter,
} from './live/tokens.ts';
export type { Delivery, Middleware, Next } from './middleware/chain.ts';
export { correlation, type Correlation } from './middleware/correlate.ts';
export type { BusMetrics } from './middleware/metrics.ts';
export { adoptBare } from './redis/adopt.ts';
export { connect, redact, type Role } from './redis/connection.ts';
export { dropDead, listDead, replayDead } from './redis/dead-letters.ts';
export { RedisEmitter } from './redis/emitter.ts';
export { namesOf, pipelineNames, type Names } from './redis/names.ts';
export { watchStandstill } from './redis/standstill.ts';
export { payloadOf } from './redis/streams.ts';
export { trimStreams } from './redis/trim.ts';
export { createRequester, type Requester } from './requests/ask.ts';
export { defineService, type Context, type Handler, type Logger, type Service } from './service.ts';
export type { Backlog, DeadLetter } from './transport.ts';
export type { Redis } from 'ioredis';
