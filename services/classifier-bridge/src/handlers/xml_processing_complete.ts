import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import {
  lockHeadlines,
  batchOf,
  saveCategories,
  saveOpinions,
  transaction,
  unclassified,
  type Pool,
  type Unclassified,
} from '@afk/database';
import { verdictOf } from '../domain/verdict.ts';
import { openSpeaker, type Said, type Speaker } from '../providers/speaker.ts';
import { namesOf, type Deps } from './deps.ts';

/** With another model, headlines this old are classified again; older ones keep what they have. */
const RECLASSIFY_MS = 7 * 24 * 3600 * 1000;
/** No headline is published after it: those alone come that no model has classified. */
const NEVER = new Date('9999-12-31T00:00:00Z');

type Heard = { headline: Unclassified; said: Said };

/**
 * Classifies every headline that has no category, page by page; then those of the last week that another
 * model classified. Where the linear model stands in for a provider, a headline that has a category keeps it.
 */
export function classifyHeadlines({ db, threshold, ...deps }: Deps) {
  return async (event: EventOf<'xml_processing_complete'>, ctx: Context): Promise<void> => {
    const { asOf } = await batchOf(db, event.batch_id);
    const { signal, log } = ctx;
    const speaker = await openSpeaker({ ...deps, linear: await deps.models.current(), signal, log });
    const models = new Set<string>();
    let count = 0;
    // They have another model's name now, and would come again in the second sweep.
    const answered = new Set<string>();

    async function sweep(since: Date, most: number, wanted: (said: Said) => boolean): Promise<void> {
      for await (const page of pagesOf(db, speaker, since, most)) {
        signal.throwIfAborted();
        const headlines = page.filter((h) => !answered.has(h.id));
        const said = await speaker.say(headlines.map((h) => ({ text: h.title, language: h.language })));
        const heard = headlines.map((headline, i) => ({ headline, said: said[i]! }));
        for (const h of heard) if (h.said.model !== speaker.name) answered.add(h.headline.id);
        const kept = heard.filter((h) => wanted(h.said));
        await save(db, kept, threshold);
        for (const h of kept) models.add(h.said.model);
        count += kept.length;
      }
    }

    await sweep(NEVER, Infinity, () => true);
    const week = new Date(asOf.getTime() - RECLASSIFY_MS);
    await sweep(week, speaker.again, (said) => said.by === speaker.kind);
    ctx.emit('headlines_classified', { status: 'ok', count, model: namesOf(models) || speaker.name });
  };
}

async function* pagesOf(
  db: Pool,
  speaker: Speaker,
  since: Date,
  most: number,
): AsyncGenerator<Unclassified[]> {
  let afterId: string | null = null;
  for (let left = most; left > 0;) {
    // It asks again for nothing: who stands in does not speak to those that have a category.
    if (speaker.down && since !== NEVER) return;
    const limit = Math.min(left, speaker.page);
    const page = await unclassified(db, speaker.name, { afterId, limit, since });
    if (page.length === 0) return;
    yield page;
    left -= page.length;
    afterId = page.at(-1)!.id;
  }
}

/** A page at once: no category lies there without the opinion that it came from. */
async function save(db: Pool, heard: readonly Heard[], threshold: number): Promise<void> {
  await transaction(db, async (tx) => {
    // Model by model they would be locked out of order, and the index marks the same rows.
    await lockHeadlines(
      tx,
      heard.map((h) => h.headline.id),
    );
    for (const [model, those] of Map.groupBy(heard, ({ said }) => said.model)) {
      const verdicts = those.map((h) => ({ id: h.headline.id, ...verdictOf(h.said.opinion, threshold) }));
      await saveCategories(tx, model, verdicts);
      const asked = those.filter((h) => h.said.by !== 'linear');
      if (asked.length === 0) continue;
      const opinions = asked.map((h) => ({ id: h.headline.id, probabilities: [...h.said.opinion] }));
      await saveOpinions(tx, model, opinions);
    }
  });
}
