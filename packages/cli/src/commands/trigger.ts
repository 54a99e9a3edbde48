import { newId } from '@afk/bus';
import type { Pipeline } from '@afk/contracts';
import type { Command } from 'commander';
import type { Act } from '../program.ts';

const RUN = 'trigger-xml-headlines-extractor';
const CLOCK = 'ofelia';

export function triggerCommand(program: Command, act: Act): void {
  program
    .command('trigger')
    .description('Start a run, or another job of the clock, as the clock does')
    .argument('[job]', 'run, retention or backup', 'run')
    .option('--as-of <iso>', 'the clock of the run (default: now)')
    .action(
      act(async ({ connections, out }, job: string, { asOf }: { asOf?: string }) => {
        const event = eventOf(job, connections.pipeline());
        if (asOf !== undefined && event !== RUN)
          throw new Error(`--as-of is the clock of a run, not of ${job}`);
        if (asOf !== undefined && Number.isNaN(Date.parse(asOf))) {
          throw new Error(`--as-of ${asOf}: not an ISO 8601 time`);
        }
        const redis = await connections.redis();
        const channel = connections.names().channel(CLOCK);
        const correlationId = newId();
        const as_of = asOf && new Date(asOf).toISOString();
        const message = { event, correlation_id: correlationId, ...(as_of && { as_of }) };
        const heard = await redis.publish(channel, JSON.stringify(message));
        if (heard === 0) throw new Error(`nobody listens on "${channel}": is AFK running with this ENV?`);
        out.data(
          { correlation_id: correlationId, channel, listeners: heard },
          () => `${job} started; follow it: ${connections.settings.command} flow show ${correlationId}`,
        );
      }),
    );
}

/** The event that starts a job: `retention` is short for `trigger-retention`. @throws Error naming the jobs */
function eventOf(job: string, { sources }: Pipeline): string {
  const events = sources[CLOCK]?.events ?? [];
  const short = (event: string): string => (event === RUN ? 'run' : event.replace(/^trigger-/, ''));
  const event = events.find((e) => short(e) === job);
  if (!event) throw new Error(`"${job}" is no job of the clock: ${events.map(short).join(', ')}`);
  return event;
}
