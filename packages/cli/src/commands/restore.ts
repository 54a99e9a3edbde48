import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import {
  assertNobodyListens,
  assertSeenByRedis,
  findBackup,
  pointsOf,
  restartRedis,
  restoreBackup,
  rowsOf,
  type Backup,
} from '@afk/backup-files';
import { redact } from '@afk/bus';
import type { Command } from 'commander';
import type { Act, Deps } from '../program.ts';
import { root, type GivenStores } from '../settings.ts';

export function restoreCommand(program: Command, act: Act): void {
  program
    .command('restore')
    .description('Make everything what it was when a backup was taken. AFK must be stopped')
    .argument('<backup>', 'its name, its path, or "latest"')
    .option('-y, --yes', 'do not ask: what is there now is lost')
    .action(
      act(async (deps, given: string, options: { yes?: boolean }) => {
        const { settings } = deps.connections;
        const backup = await findBackup(settings.backupDir, given, settings.cwd, settings.env);
        const { stores } = settings;
        if (stores) await assertNobodyListens(stores.redisUrl);
        if (stores?.redisRestarts && 'file' in backup.manifest.redis)
          assertSeenByRedis(backup, settings.backupDir);
        if (!options.yes) await confirm(backup, stores ? redact(stores.databaseUrl) : settings.dataDir);
        if (stores) await restoreStores(deps, backup, stores);
        else await restoreLocal(deps, backup);
      }),
    );
}

/** @throws Error where there is nobody to ask, or the answer is no */
async function confirm({ name, manifest }: Backup, where: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`what is in ${where} now will be lost: give --yes`);
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  const what = `${rowsOf(manifest)} rows, ${pointsOf(manifest)} points`;
  const answer = await asked.question(
    `Restore ${name} (${what})? What is in ${where} now will be lost. Type yes: `,
  );
  asked.close();
  if (answer.trim() !== 'yes') throw new Error('not restored');
}

async function restoreStores({ connections, out }: Deps, backup: Backup, stores: GivenStores): Promise<void> {
  const { settings } = connections;
  let redis = 'left_out' in backup.manifest.redis ? 'not in the backup' : 'restored';
  await restoreBackup({
    backup,
    databaseUrl: stores.databaseUrl,
    qdrant: stores.qdrant,
    env: settings.env,
    signal: new AbortController().signal,
    onStep: (step) => out.json || process.stderr.write(`${words[step]} …\n`),
    restoreRedis: async (base) => {
      if (stores.redisRestarts) return restartRedis(stores.redisUrl, backup, settings.backupDir);
      redis = `left as it is: nothing is known to start it again. ${byHand(base)}`;
    },
  });
  const { name, manifest } = backup;
  const done = { name, rows: rowsOf(manifest), points: pointsOf(manifest), redis };
  out.data(done, (d) =>
    [
      `restored ${d.name}: PostgreSQL ${d.rows} rows, Qdrant ${d.points} points`,
      `Redis: ${d.redis}`,
      'start AFK again: docker compose up -d',
    ].join('\n'),
  );
}

const words = {
  verify: 'reading the backup',
  postgres: 'PostgreSQL',
  qdrant: 'Qdrant',
  redis: 'Redis',
};

/** A Redis of one's own: it has a way of its own to take an RDB in. */
const byHand = (base: string): string =>
  `Stop it, give it ${base} as its dump.rdb or as the base of its append-only file, and start it. Without that, events ` +
  'that it holds are handled on top of the restored rows';

/** The stores of `npm start` are its own: it restores them itself. */
async function restoreLocal({ connections, out }: Deps, backup: Backup): Promise<void> {
  const { settings } = connections;
  const args = ['--restore', backup.path, '--data', settings.dataDir, ...(out.json ? ['--json'] : [])];
  const child = spawn(process.execPath, [join(root, 'infra/local/start.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${backup.name} was not restored: see above`);
  if (out.json) out.data(JSON.parse(printed.trim().split('\n').at(-1)!) as object, String);
}
