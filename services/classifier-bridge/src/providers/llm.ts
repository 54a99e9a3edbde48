import { categoryIds } from '@afk/contracts';
import { z } from 'zod';
import { noOpinion, opinionFor, type Opinion } from '../domain/opinion.ts';
import { checked, sameCount } from './answer.ts';
import { callJson, type Line } from './call.ts';
import { answerSchema, confidences, PROMPT, systemPrompt, userPrompt } from './llm-prompt.ts';
import { ProviderError, type Provider } from './provider.ts';

/**
 * What its words count for. A language model's own probabilities are not calibrated: most lie between .8 and
 * 1, right or wrong (Xiong et al., ICLR 2024, arXiv 2306.13063). So it is asked for a word, and the word
 * stands for a round number: an order, not a measurement. `guess` is above the default threshold (.3).
 */
const worth: Record<(typeof confidences)[number], number> = { sure: 0.9, likely: 0.65, guess: 0.35 };

const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
});

const item = z.strictObject({
  n: z.int(),
  category: z.enum([...categoryIds, 'unsure'], {
    error: ({ input }) => `${JSON.stringify(input)} is none of the 17 categories, nor "unsure"`,
  }),
  confidence: z.enum(confidences),
});
const answer = z.strictObject({ items: z.array(item) });

/** A language model behind the chat completions of OpenAI, which most servers speak. */
export function llmProvider(
  options: Line & { url: string; model: string; batch: number; concurrency: number },
): Provider {
  const url = completionsUrl(options.url);
  const model = `llm-${options.model}-p${PROMPT}`;
  return {
    kind: 'llm',
    batch: options.batch,
    concurrency: options.concurrency,
    name: async () => model,
    async classify(texts, signal) {
      const body = {
        model: options.model,
        temperature: 0,
        messages: [
          { role: 'system', content: systemPrompt },
          { role: 'user', content: userPrompt(texts) },
        ],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'categories', strict: true, schema: answerSchema },
        },
      };
      const content = contentOf(checked(completion, await callJson(options, url, body, signal), url), url);
      return { model, opinions: opinionsOf(content, texts.length, url) };
    },
  };
}

/** `https://host`, `https://host/v1` and the whole address all mean the same. */
function completionsUrl(given: string): string {
  const base = given.replace(/\/+$/, '');
  if (base.endsWith('/chat/completions')) return base;
  return base.endsWith('/v1') ? `${base}/chat/completions` : `${base}/v1/chat/completions`;
}

function contentOf({ choices }: z.infer<typeof completion>, url: string): string {
  const { finish_reason: reason, message } = choices[0]!;
  if (message.refusal) throw new ProviderError(`${url} refused: ${message.refusal.slice(0, 200)}`);
  if (reason === 'length') throw new ProviderError(`${url} broke off its answer at its limit of tokens`);
  if (!message.content) throw new ProviderError(`${url} answered without a text (${reason ?? 'no reason'})`);
  return message.content;
}

/** The items in the order of the headlines, whatever order they came in. */
function opinionsOf(content: string, asked: number, url: string): Opinion[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new ProviderError(`${url} wrote no JSON: ${content.slice(0, 200)}`, { cause });
  }
  const { items } = checked(answer, value, url);
  sameCount(items.length, asked, url);
  const byNumber = new Map(items.map((i) => [i.n, i]));
  return Array.from({ length: asked }, (_, n) => {
    const found = byNumber.get(n);
    if (!found) throw new ProviderError(`${url} left out headline ${n}`);
    return found.category === 'unsure' ? noOpinion() : opinionFor(found.category, worth[found.confidence]);
  });
}
