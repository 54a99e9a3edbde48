import { categoryIds, type CategoryId } from '@afk/contracts';
import { z } from 'zod';
import { labels, opinionFor, opinionFrom, type Opinion } from '../domain/opinion.ts';
import { checked, MODEL_NAME, sameCount } from './answer.ts';
import { callJson, type Line } from './call.ts';
import type { Provider } from './provider.ts';

const category = z.enum(categoryIds, {
  error: ({ input }) => `${JSON.stringify(input)} is none of the 17 categories`,
});
const share = z.number().min(0).max(1);
const named = z.object({ model: z.string().regex(MODEL_NAME, 'no name of a model') });
const prediction = z
  .object({
    label: category,
    probability: share,
    probabilities: z.partialRecord(category, share).nullish(),
  })
  .superRefine(({ label, probabilities }, ctx) => {
    const problem = probabilities && disagreement(label, probabilities);
    if (problem) ctx.addIssue({ code: 'custom', path: ['probabilities'], message: problem });
  });
const predictions = named.extend({ predictions: z.array(prediction) });

/** What a classifier rounds away. */
const SLACK = 0.02;
/** Whether it answers at all: nothing is computed for that. */
const HEALTH_MS = 5000;

/**
 * A classifier behind HTTP, of its own training: a SetFit server, say. The README has the contract.
 *
 * @param url of the server; `/predict` and `/health` lie below it
 */
export function httpProvider(options: Line & { url: string; batch: number; concurrency: number }): Provider {
  const base = options.url.replace(/\/+$/, '');
  const health = { ...options, timeoutMs: Math.min(options.timeoutMs, HEALTH_MS) };
  return {
    kind: 'http',
    batch: options.batch,
    concurrency: options.concurrency,
    async name(signal) {
      const url = `${base}/health`;
      return `http-${checked(named, await callJson(health, url, undefined, signal), url).model}`;
    },
    async classify(texts, signal) {
      const url = `${base}/predict`;
      const body = {
        texts: texts.map((t) => t.text),
        languages: texts.map((t) => t.language ?? 'und'),
        labels,
      };
      const answer = checked(predictions, await callJson(options, url, body, signal), url);
      sameCount(answer.predictions.length, texts.length, url);
      return { model: `http-${answer.model}`, opinions: answer.predictions.map(opinionOf) };
    },
  };
}

function opinionOf({ label, probability, probabilities }: z.infer<typeof prediction>): Opinion {
  return probabilities ? opinionFrom(probabilities) : opinionFor(label, probability);
}

/** Probabilities are those of one choice, and the label is the likeliest. @returns what is wrong */
function disagreement(label: CategoryId, probabilities: Partial<Record<CategoryId, number>>): string | null {
  const values = Object.values(probabilities);
  const sum = values.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) > SLACK) return `they sum to ${sum}, not to 1`;
  const own = probabilities[label] ?? 0;
  return own + SLACK < Math.max(...values) ? `the label is "${label}", but another is likelier` : null;
}
