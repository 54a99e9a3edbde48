import { setTimeout as sleep } from 'node:timers/promises';
import { savedSearches } from '@afk/contracts';
import { findSavedSearch, listSavedSearches, MAX_SAVED_SEARCHES, removeSavedSearch } from '@afk/database';
import { faultsOf, requestTest, saveSearch, testEmitter } from '@afk/saved-searches';
import type { Command } from 'commander';
import type { Act, Deps } from '../program.ts';
import { table } from '../output.ts';

/** Longest wait for what comes of a test, ms: a webhook may take ten seconds to answer. */
const TEST_MS = 15_000;

type AddOptions = { name: string; webhook: string; category?: string; language?: string; publisher?: string };

export function searchCommands(program: Command, act: Act): void {
  const searches = program
    .command('searches')
    .description('Saved searches: each run puts them to its new headlines, and tells a webhook what matches');
  searches
    .command('list')
    .description('List them, newest first')
    .action(
      act(async ({ connections, out }) => {
        const page = { limit: MAX_SAVED_SEARCHES, offset: 0 };
        const { items } = await listSavedSearches(connections.db(), page);
        out.data(items, (list) => (list.length === 0 ? 'no saved searches' : asTable(list)));
      }),
    );
  searches
    .command('add')
    .description('Save one; the secret that its deliveries are signed with is printed once')
    .argument(
      '[query]',
      'as the search page takes it; every word must be there. One that begins with "-" comes last, after "--"',
      '',
    )
    .requiredOption('--name <name>', 'what it is called')
    .requiredOption('--webhook <url>', 'who is told')
    .option('--category <id>', 'of the 17, by id')
    .option('--language <code>', 'such as fr')
    .option('--publisher <name>', 'as the headline has it, to the letter')
    .action(act(add));
  searches
    .command('remove')
    .description('Remove one, with its deliveries')
    .argument('<id>')
    .action(
      act(async ({ connections, out }, id: string) => {
        if (!isId(id) || !(await removeSavedSearch(connections.db(), id))) throw new Error(noSearch(id));
        out.data({ removed: id }, () => `${id} is removed`);
      }),
    );
  searches
    .command('test')
    .description('Have a signed test delivered, and say what came of it')
    .argument('<id>')
    .action(act(tryOut));
}

async function add({ connections, out }: Deps, query: string, options: AddOptions): Promise<void> {
  const { name, webhook, category, language, publisher } = options;
  const given = { name, query, category, language, publisher, webhook_url: webhook };
  const parsed = savedSearches.newSavedSearch.safeParse(given);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('\n'));
  }
  const clock = new Date();
  const faults = faultsOf(parsed.data, { clock, allowPrivate: connections.allowPrivateWebhooks() });
  if (faults.length > 0) throw new Error(faults.map((f) => `${f.field}: ${f.message}`).join('\n'));
  const saved = await saveSearch(connections.db(), parsed.data, clock);
  if (!saved) throw new Error(`there are ${MAX_SAVED_SEARCHES} saved searches, as many as there may be`);
  out.data(saved, ({ id, secret }) =>
    [`saved as ${id}`, `its deliveries are signed with ${secret} (shown here only)`].join('\n'),
  );
}

async function tryOut({ connections, out }: Deps, id: string): Promise<void> {
  const [db, redis] = [connections.db(), await connections.redis()];
  const emitTest = testEmitter(redis, connections.names());
  const delivery = isId(id) ? await requestTest(db, emitTest, id, new Date()) : undefined;
  if (delivery === undefined) throw new Error(noSearch(id));
  for (const deadline = Date.now() + TEST_MS; Date.now() < deadline; await sleep(50)) {
    const found = (await findSavedSearch(db, id))?.deliveries.find((d) => d.id === delivery);
    if (found?.state === 'delivered') return out.data(found, () => `${delivery} has arrived`);
    if (found?.last_error) throw new Error(`${delivery} has not arrived: ${found.last_error}`);
  }
  throw new Error(`${delivery} waits still: is the alerts service running?`);
}

const isId = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
const noSearch = (id: string): string => `there is no saved search ${id} (see \`searches list\`)`;

function asTable(list: readonly savedSearches.SavedSearch[]): string {
  const words = ({ query, category, language, publisher }: savedSearches.SavedSearch): string =>
    [query, category, language, publisher].filter(Boolean).join(' · ');
  return table(
    [
      ['ID', 'NAME', 'STATE', 'ASKS', 'LAST MATCH', 'WEBHOOK', 'LAST ERROR'],
      ...list.map((s) => [
        s.id,
        s.name,
        s.active ? 'active' : 'off',
        words(s),
        s.last_matched_at?.slice(0, 16) ?? '-',
        s.webhook_url,
        s.last_error?.message ?? '',
      ]),
    ],
    60,
  );
}
