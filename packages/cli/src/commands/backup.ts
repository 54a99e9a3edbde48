import { setTimeout as sleep } from 'node:timers/promises';
import {
  bytesOf,
  findBackup,
  listBackups,
  pointsOf,
  redisBytesOf,
  rowsOf,
  verifyBackup,
  type Manifest,
} from '@afk/backup-files';
import { newId, type AnyEvent, type Redis } from '@afk/bus';
import { events, type EventOf } from '@afk/contracts';
import { Option, type Command } from 'commander';
import type { Act, Deps } from '../program.ts';
import { table } from '../output.ts';

const WAIT_MINUTES = 30;

export function backupCommands(program: Command, act: Act): void {
  const backup = program
    .command('backup')
    .description('Have a backup taken now, and wait for it')
    .addOption(
      new Option('--wait <minutes>', 'how long it is waited for').default(WAIT_MINUTES).argParser(minutesOf),
    )
    .action(act((deps, options: { wait: number }) => take(deps, options.wait * 60_000)));
  backup.command('list').description('List the backups, the newest first').action(act(list));
  backup
    .command('verify')
    .description('Read every file of a backup and compare it with what was written')
    .argument('<backup>', 'its name, its path, or "latest"')
    .action(
      act(async ({ connections, out }, given: string) => {
        const { backupDir, cwd, env } = connections.settings;
        const found = await findBackup(backupDir, given, cwd, env);
        const { files } = await verifyBackup(found);
        out.data(
          { name: found.name, path: found.path, files },
          (v) => `${v.path}: all ${v.files} files are whole`,
        );
      }),
    );
}

async function take({ connections, out }: Deps, waitMs: number): Promise<void> {
  const names = connections.names();
  const [command, subscriber] = [await connections.redis(), await connections.redis('subscriber')];
  await assertServed(command);
  const correlationId = newId();
  const answered = answerTo(subscriber, names.channel('backup'), correlationId);
  await subscriber.subscribe(names.channel('backup'));
  const trigger = { event: 'trigger-backup', correlation_id: correlationId };
  const heard = await command.publish(names.channel('ofelia'), JSON.stringify(trigger));
  if (heard === 0)
    throw new Error(`nobody listens on "${names.channel('ofelia')}": is AFK running with this ENV?`);
  out.say('a backup is being taken; how it goes is in the log of the backup service');
  const waiting = new AbortController();
  const late = sleep(waitMs, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`no backup after ${waitMs / 60_000} minutes: the log of the backup service says why`);
  });
  try {
    const done = await Promise.race([answered, late]);
    out.data(done, textOf);
  } finally {
    waiting.abort();
    late.catch(() => {});
  }
}

/** @throws Error where no backup service is connected: the trigger would wait for one, and so would we */
async function assertServed(redis: Redis): Promise<void> {
  // Whoever may not ask who is connected waits and sees. (A group's members say less: one that has had no event yet
  // is not listed.)
  const clients = await redis.client('LIST').catch(() => 'name=afk:backup:');
  if (!String(clients).includes('name=afk:backup:')) {
    throw new Error('no backup service is running: start AFK (npm start, or docker compose up -d backup)');
  }
}

/** @returns what came of it. @throws Error with the reason where it failed for good */
function answerTo(
  subscriber: Redis,
  channel: string,
  correlationId: string,
): Promise<EventOf<'backup_complete'>> {
  const { promise, resolve, reject } = Promise.withResolvers<EventOf<'backup_complete'>>();
  subscriber.on('message', (from: string, text: string) => {
    if (from !== channel || !text.includes(correlationId)) return;
    const event = JSON.parse(text) as AnyEvent;
    if (event.correlation_id !== correlationId) return;
    if (event.event === 'backup_failed') reject(new Error(`the backup failed: ${String(event['reason'])}`));
    if (event.event === 'backup_complete') resolve(events.backup_complete.parse(event));
  });
  // It may fail before it is awaited.
  promise.catch(() => {});
  return promise;
}

function textOf(e: EventOf<'backup_complete'>): string {
  const redis =
    e.redis_bytes === undefined
      ? 'without Redis: its files are not within reach'
      : `Redis ${size(e.redis_bytes)}`;
  const rotated = e.removed > 0 ? `, ${e.removed} removed` : '';
  return [
    `${e.name}: ${size(e.bytes)} in ${e.seconds.toFixed(1)} s`,
    `PostgreSQL ${e.rows} rows, Qdrant ${e.points} points, ${redis}`,
    `${e.kept} backups kept${rotated}`,
  ].join('\n');
}

async function list({ connections, out }: Deps): Promise<void> {
  const { backupDir } = connections.settings;
  const { backups, unreadable } = await listBackups(backupDir);
  const data = {
    dir: backupDir,
    backups: backups.map(({ name, path, manifest }) => ({ name, path, ...figuresOf(manifest) })),
    unreadable,
  };
  out.data(data, () => {
    if (backups.length + unreadable.length === 0) return `no backups in ${backupDir}`;
    const rows = data.backups.map((b) => [
      b.name,
      size(b.bytes),
      String(b.rows),
      String(b.points),
      b.redis_bytes === null ? 'left out' : size(b.redis_bytes),
      b.schema,
    ]);
    const bad = unreadable.map(({ name, problem }) => `${name} cannot be read: ${problem}`);
    return [table([['NAME', 'SIZE', 'ROWS', 'POINTS', 'REDIS', 'SCHEMA'], ...rows]), ...bad].join('\n');
  });
}

function figuresOf(manifest: Manifest) {
  return {
    started_at: manifest.started_at,
    afk: manifest.afk,
    schema: manifest.postgres.migrations.at(-1)!,
    bytes: bytesOf(manifest),
    rows: rowsOf(manifest),
    points: pointsOf(manifest),
    redis_bytes: redisBytesOf(manifest) ?? null,
  };
}

const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

function minutesOf(given: string): number {
  const minutes = Number(given);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error(`--wait ${given}: minutes, up to a day`);
  return minutes;
}
