import { newId } from '@afk/bus';
import { addSavedSearch, type Pool } from '@afk/database';
import type { SavedQuery } from './rules.ts';
import { newSecret } from './signature.ts';

export type SavedSearchInput = SavedQuery & { name: string; webhook_url: string };

/**
 * Saves a search that {@link faultsOf} finds nothing wrong with, under a new id and secret.
 *
 * @returns undefined where there are as many as there may be
 */
export async function saveSearch(
  db: Pool,
  input: SavedSearchInput,
  at: Date,
): Promise<{ id: string; secret: string } | undefined> {
  const [id, secret] = [newId(), newSecret()];
  const { name, query, category = null, language = null, publisher = null, webhook_url } = input;
  const webhookUrl = new URL(webhook_url).href;
  const search = { id, name, query, category, language, publisher, webhookUrl, secret, createdAt: at };
  return (await addSavedSearch(db, search)) ? { id, secret } : undefined;
}
