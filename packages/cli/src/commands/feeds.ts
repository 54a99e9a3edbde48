import { listFeeds, saveFeeds } from '@afk/database';
import { createFetcher, loadOpml } from '@afk/extractor/feed-list';
import type { Command } from 'commander';
import type { Act } from '../program.ts';
import { table } from '../output.ts';

export function feedCommands(program: Command, act: Act): void {
  const feeds = program.command('feeds').description('The feeds that AFK reads');
  feeds
    .command('import')
    .description('Add the feeds of an OPML document; the demo ends with the next run')
    .argument('<opml>', 'file or URL')
    .action(
      act(async ({ connections, out }, location: string) => {
        const fetcher = createFetcher({ timeoutMs: 15_000, maxBytes: 10 * 1024 * 1024, allowPrivate: true });
        try {
          const entries = await loadOpml(connections.locate(location), fetcher);
          const added = await saveFeeds(connections.db(), entries, { source: 'imported', at: new Date() });
          out.data({ feeds: entries.length, added }, (v) => `${v.feeds} feeds, ${v.added} of them new`);
        } finally {
          await fetcher.close();
        }
      }),
    );
  feeds
    .command('list')
    .description('List them with their health')
    .action(
      act(async ({ connections, out }) => {
        const { items } = await listFeeds(connections.db());
        out.data(items, (list) =>
          list.length === 0
            ? 'no feeds yet: they are read with the first run'
            : table(
                [
                  ['STATE', 'HEADLINES', 'TITLE', 'URL', 'LAST ERROR'],
                  ...list.map((f) => [f.state, String(f.headlines), f.title, f.url, f.last_error ?? '']),
                ],
                60,
              ),
        );
      }),
    );
}
