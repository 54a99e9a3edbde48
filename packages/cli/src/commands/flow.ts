import { batchIdsOf, eventsOfBatch } from '@afk/database';
import type { Command } from 'commander';
import type { Act } from '../program.ts';
import { table } from '../output.ts';

export function flowCommands(program: Command, act: Act): void {
  const flow = program.command('flow').description('What passes, and what passed, over the channels');
  flow
    .command('tail')
    .description('Print every message as it passes, until Ctrl-C')
    .action(
      act(async ({ connections, out }) => {
        const names = connections.names();
        const redis = await connections.redis('subscriber');
        redis.on('pmessage', (_pattern: string, full: string, text: string) => {
          const channel = names.own(full);
          if (channel === undefined) return;
          const at = new Date().toISOString();
          out.data({ at, channel, text }, () => `${at.slice(11, 23)}  ${channel.padEnd(18)} ${text}`);
        });
        await redis.psubscribe(names.everything);
        await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
      }),
    );
  flow
    .command('show')
    .description('Every event of one run')
    .argument('<batch>', 'batch id or correlation id')
    .action(
      act(async ({ connections, out }, id: string) => {
        const db = connections.db();
        // A run that failed before it had a batch is known by its correlation id alone.
        const ids = (await batchIdsOf(db, id)) ?? { id, correlation_id: id };
        const events = await eventsOfBatch(db, ids);
        if (events.length === 0) throw new Error(`the flow log has no event of "${id}"`);
        out.data(events, (list) =>
          table([
            ['TIME', 'CHANNEL', 'EVENT', 'COUNT', 'CONSUMER', 'ID'],
            ...list.map((e) => [
              e.at.slice(11, 23),
              e.channel,
              e.event ?? '?',
              countOf(e.payload),
              consumerOf(e.payload),
              e.id ?? '',
            ]),
          ]),
        );
      }),
    );
}

function countOf(payload: unknown): string {
  const { count, pages, reason } = (payload ?? {}) as { count?: number; pages?: number; reason?: string };
  return String(reason ?? count ?? pages ?? '');
}

/** Which of a service's replicas emitted it: the host and the process, without what tells its lives apart. */
function consumerOf(payload: unknown): string {
  const { consumer } = (payload ?? {}) as { consumer?: unknown };
  return typeof consumer === 'string' ? consumer.replace(/-[0-9a-f]{4}-[0-9a-f]{4}$/, '') : '';
}
