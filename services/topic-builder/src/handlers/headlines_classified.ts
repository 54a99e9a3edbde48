import type { Context } from '@afk/bus';
import type { EventOf } from '@afk/contracts';
import { batchOf, saveTopics, transaction, windowOf, type Pool } from '@afk/database';
import { buildTopicsAsync } from '@afk/topics';

export type Deps = { db: Pool; windowMs: number; bucketMs: number; minHeadlines: number };

/** Groups the headlines of the window, up to the run's clock, into topics. */
export function buildTopicsOf({ db, windowMs }: Deps) {
  return async (event: EventOf<'headlines_classified'>, ctx: Context): Promise<void> => {
    const { asOf } = await batchOf(db, event.batch_id);
    const headlines = await windowOf(db, new Date(asOf.getTime() - windowMs), asOf);
    const docs = headlines.map(({ id, title, summary, language, publisher, publishedAt }) => ({
      id,
      title,
      summary,
      language,
      publisher,
      publishedAt: publishedAt.getTime(),
    }));
    const topics = await buildTopicsAsync(docs, { signal: ctx.signal });
    const rows = topics.map((t) => ({
      central: docs[t.central]!.id,
      keywords: t.keywords,
      members: t.members.map((m) => docs[m]!.id),
    }));
    await transaction(db, (tx) => saveTopics(tx, event.batch_id, rows));
    ctx.emit('topics_built', { status: 'ok', count: topics.length, headlines: headlines.length });
  };
}
