import type { Env } from '../env.ts';
import { httpProvider } from './http.ts';
import { llmProvider } from './llm.ts';
import type { Provider } from './provider.ts';

/** @returns the model on the network that the settings name; undefined where the linear one is to speak */
export function chooseProvider(env: Env): Provider | undefined {
  const line = {
    timeoutMs: env.CLASSIFIER_TIMEOUT_MS,
    batch: env.CLASSIFIER_BATCH,
    concurrency: env.CLASSIFIER_CONCURRENCY,
  };
  switch (env.CLASSIFIER_PROVIDER) {
    case 'linear':
      return undefined;
    case 'http':
      return httpProvider({ ...line, url: env.CLASSIFIER_URL! });
    case 'llm':
      return llmProvider({
        ...line,
        url: env.CLASSIFIER_LLM_URL!,
        model: env.CLASSIFIER_LLM_MODEL!,
        key: env.CLASSIFIER_LLM_KEY,
      });
  }
}
