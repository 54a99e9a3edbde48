import { dropDead, listDead, replayDead, type DeadLetter } from '@afk/bus';
import type { Command } from 'commander';
import type { Act, Deps } from '../program.ts';
import { table } from '../output.ts';

const ALL = 10_000;

export function dlqCommands(program: Command, act: Act): void {
  const dlq = program.command('dlq').description('Dead letters: events that no attempt could handle');
  dlq
    .command('list')
    .description('List them, newest first')
    .argument('[service]', 'of one service only')
    .action(
      act(async ({ connections, out }, service: string | undefined) => {
        const letters = await read(connections, service);
        out.data(letters, (list) => (list.length === 0 ? 'no dead letters' : asTable(list)));
      }),
    );
  change(dlq, act, 'replay', 'Give them to their service again', 'replayed', replayDead);
  change(dlq, act, 'drop', 'Throw them away for good', 'dropped', dropDead);
}

/** `replay` and `drop` differ in what they do to each letter only. */
function change(
  dlq: Command,
  act: Act,
  name: string,
  description: string,
  done: string,
  apply: typeof replayDead,
): void {
  dlq
    .command(name)
    .description(description)
    .argument('<service>')
    .argument('[id]', 'one letter, by its id (see `dlq list`)')
    .option('--all', 'every letter of the service')
    .action(
      act(
        async ({ connections, out }, service: string, id: string | undefined, options: { all?: boolean }) => {
          if (!id && !options.all)
            throw new Error(`which? give an id (see \`dlq list ${service}\`), or --all`);
          const ids = id ? [id] : (await read(connections, service)).map((l) => l.id);
          const redis = await connections.redis();
          let count = 0;
          for (const each of ids)
            if (await apply(redis, connections.names(), known(connections, service), each)) count++;
          if (id && count === 0) throw new Error(`"${service}" has no dead letter ${id}`);
          out.data({ [done]: count }, () => `${count} ${done}`);
        },
      ),
    );
}

async function read(connections: Deps['connections'], service: string | undefined): Promise<DeadLetter[]> {
  const services = service ? [known(connections, service)] : Object.keys(connections.pipeline().services);
  return listDead(await connections.redis(), connections.names(), services, ALL);
}

function known(connections: Deps['connections'], service: string): string {
  const names = Object.keys(connections.pipeline().services);
  if (!names.includes(service)) throw new Error(`there is no service "${service}": ${names.join(', ')}`);
  return service;
}

function asTable(letters: readonly DeadLetter[]): string {
  return table([
    ['ID', 'SERVICE', 'TIME', 'EVENT', 'ATTEMPTS', 'REASON'],
    ...letters.map((l) => [
      l.id,
      l.service,
      l.at.slice(0, 19),
      l.event ?? `on ${l.channel}`,
      String(l.attempts),
      l.reason.replaceAll(/\s+/g, ' '),
    ]),
  ]);
}
