import type { Context } from '@afk/bus';
import type { LinearModel } from '@afk/classifier';
import type { EventOf } from '@afk/contracts';
import { batchOf, saveCategories, unclassified, type Pool } from '@afk/database';
import { classifyTexts } from '../domain/verdict.ts';

export type Deps = { db: Pool; name: string; model: LinearModel; threshold: number };

const PAGE = 2000;
/** With a new model, headlines this old are classified again; older ones keep what they have. */
const RECLASSIFY_MS = 7 * 24 * 3600 * 1000;

/** Classifies every headline that this model has not seen yet, page by page. */
export function classifyHeadlines({ db, name, model, threshold }: Deps) {
  return async (event: EventOf<'xml_processing_complete'>, ctx: Context): Promise<void> => {
    const { asOf } = await batchOf(db, event.batch_id);
    const since = new Date(asOf.getTime() - RECLASSIFY_MS);
    let count = 0;
    let afterId: string | null = null;
    for (;;) {
      ctx.signal.throwIfAborted();
      const page = await unclassified(db, name, { afterId, limit: PAGE, since });
      if (page.length === 0) break;
      const texts = page.map((h) => ({ text: h.title, language: h.language }));
      const verdicts = classifyTexts(model, texts, threshold);
      await saveCategories(
        db,
        name,
        page.map((h, i) => ({ id: h.id, ...verdicts[i]! })),
      );
      count += page.length;
      afterId = page.at(-1)!.id;
    }
    ctx.emit('headlines_classified', { status: 'ok', count, model: name });
  };
}
