import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { saveTrendCategories, trendTexts } from '@afk/database';
import { classifyTogether } from '../domain/verdict.ts';
import type { Deps } from './xml_processing_complete.ts';

/** Gives each trend of the batch one category, from the titles that it is made of. */
export function classifyTrends({ db, name, model, threshold }: Deps) {
  return async (event: EventOf<'trends_built'>, ctx: Context): Promise<void> => {
    const trends = await trendTexts(db, event.batch_id);
    const verdicts = trends.map(({ id, titles }) => ({ id, ...classifyTogether(model, titles, threshold) }));
    await saveTrendCategories(db, name, verdicts);
    ctx.emit('trends_classified', { status: 'ok', count: trends.length, model: name });
  };
}
