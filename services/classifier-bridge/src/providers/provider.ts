import type { Input } from '@afk/classifier';
import type { Opinion } from '../domain/opinion.ts';

/** What a model on the network says of a batch of texts, in their order. */
export type Answer = {
  /** Which one spoke: its kind and its own name, as it is stored with the headlines. */
  model: string;
  opinions: Opinion[];
};

/** A model on the network. Both methods end with {@link ProviderError}, or the signal's reason. */
export type Provider = {
  readonly kind: 'http' | 'llm';
  /** Texts a request, at most. */
  readonly batch: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Which model would answer now. */
  name(signal: AbortSignal): Promise<string>;
  classify(texts: readonly Input[], signal: AbortSignal): Promise<Answer>;
};

/** The model on the network did not answer, or with what is no answer. The linear model speaks instead. */
export class ProviderError extends Error {
  /** Whether the same request may succeed a little later. */
  readonly passing: boolean;
  /** Not before so many ms, where the server said so. */
  readonly afterMs: number | undefined;

  constructor(
    message: string,
    options: ErrorOptions & { passing?: boolean; afterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.name = 'ProviderError';
    this.passing = options.passing ?? false;
    this.afterMs = options.afterMs;
  }
}
