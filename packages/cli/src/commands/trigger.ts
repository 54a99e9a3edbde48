import { newId } from '@afk/bus';
import type { Command } from 'commander';
import type { Act } from '../program.ts';

export function triggerCommand(program: Command, act: Act): void {
  program
    .command('trigger')
    .description('Start a run, as the clock does')
    .option('--as-of <iso>', 'the clock of the run (default: now)')
    .action(
      act(async ({ connections, out }, options: { asOf?: string }) => {
        if (options.asOf !== undefined && Number.isNaN(Date.parse(options.asOf))) {
          throw new Error(`--as-of ${options.asOf}: not an ISO 8601 time`);
        }
        const redis = await connections.redis();
        const channel = connections.names().channel('ofelia');
        const correlationId = newId();
        const heard = await redis.publish(
          channel,
          JSON.stringify({
            event: 'trigger-xml-headlines-extractor',
            correlation_id: correlationId,
            ...(options.asOf ? { as_of: new Date(options.asOf).toISOString() } : {}),
          }),
        );
        if (heard === 0) throw new Error(`nobody listens on "${channel}": is AFK running with this ENV?`);
        out.data({ correlation_id: correlationId, channel, listeners: heard }, () =>
          [`run started; follow it: npm run afk -- flow show ${correlationId}`].join('\n'),
        );
      }),
    );
}
