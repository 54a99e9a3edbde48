import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { saveTrendCategories, trendTitles, type HeardTitle, type TrendTitles } from '@afk/database';
import { labels, linearOpinions, type Opinion } from '../domain/opinion.ts';
import { classifyTogether, type Verdict } from '../domain/verdict.ts';
import type { CurrentModel } from '../models/source.ts';
import type { Kind, Said } from '../providers/speaker.ts';
import { namesOf, type Deps } from './deps.ts';

/**
 * Gives each trend of the batch one category, from the titles that it is made of. What a provider has said of
 * these is remembered, so that it is asked once a headline; of the others the linear model speaks.
 */
export function classifyTrends({ db, models, provider, threshold }: Deps) {
  return async (event: EventOf<'trends_built'>, ctx: Context): Promise<void> => {
    const linear = await models.current();
    const trends = await trendTitles(db, event.batch_id);
    ctx.signal.throwIfAborted();
    const judged = trends.map((trend) => judge(trend, linear, provider?.kind ?? 'linear', threshold));
    for (const [model, verdicts] of Map.groupBy(judged, (j) => j.model)) {
      ctx.signal.throwIfAborted();
      await saveTrendCategories(db, model, verdicts);
    }
    const model = namesOf(judged.flatMap((j) => j.models)) || linear.name;
    ctx.emit('trends_classified', { status: 'ok', count: trends.length, model });
  };
}

type Judged = Verdict & { id: string; model: string; models: string[] };

function judge({ id, titles }: TrendTitles, linear: CurrentModel, kind: Kind, threshold: number): Judged {
  const said = titles.map((title) => remembered(title, kind));
  const unheard = titles.filter((_, i) => !said[i]);
  const own = linearOpinions(linear.model, unheard);
  const opinions: Opinion[] = said.map((s) => s?.opinion ?? own.shift()!);
  const models = said.map((s) => s?.model ?? linear.name);
  return { id, ...classifyTogether(opinions, threshold), model: namesOf(models), models };
}

/** What the provider that is configured now has said, under whatever name, of the categories that there are now. */
function remembered({ model, probabilities }: HeardTitle, by: Kind): Said | undefined {
  if (!model?.startsWith(`${by}-`) || probabilities?.length !== labels.length) return undefined;
  return { by, model, opinion: Float64Array.from(probabilities) };
}
