import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backupDirOf } from '@afk/backup-files';
import { isFree } from './stores/ports.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type Options = {
  /** OPML file (absolute) or URL. */
  feeds: string | undefined;
  once: boolean;
  json: boolean;
  ports: Ports;
  dataDir: string;
  /** ISO 8601. */
  asOf: string | undefined;
  /** The backup to restore instead of running: its name, its path, or "latest". */
  restore: string | undefined;
  backupDir: string;
  /** What relative paths are relative to. */
  cwd: string;
};

/** `health` is the first of as many as there are services without HTTP of their own. */
export type Ports = {
  api: number;
  front: number;
  redis: number;
  postgres: number;
  qdrant: number;
  health: number;
};

export const usage = `npm start -- [options]

  --feeds OPML     feeds to read: an OPML file or its URL (default: AFK_FEEDS, else imported feeds, else the demo)
  --once           run the line once, then stop; exit code 0 when it completed
  --json           with --once: a JSON summary as the last line of stdout
  --as-of ISO      the clock of the run, for replaying an archive (default: now)
  --port-base N    API on N, page on N+1, everything else above (default: API 3000, page 4321)
  --data DIR       where everything is kept (default: .afk in the project; backups beside it, in DIR-backups)
  --restore BACKUP make everything what it was then, and stop: a backup's name, its path, or latest
`;

/** Wrong use of the command line; the message says what is wrong. */
export class UsageError extends Error {}

/** @throws UsageError naming the option */
export function parseOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | 'help' {
  const values = read(args);
  if (values.help) return 'help';
  const from = env['INIT_CWD'] ?? process.cwd();
  const feeds = values.feeds ?? (env['AFK_FEEDS'] || undefined);
  const asOf = values['as-of'] ?? (env['AFK_AS_OF'] || undefined);
  if (values.json && !values.once && !values.restore) {
    throw new UsageError('--json goes with --once, or --restore');
  }
  const dataDir = values.data ? resolve(from, values.data) : join(root, '.afk');
  return {
    feeds: feeds && !/^https?:/.test(feeds) && !isAbsolute(feeds) ? resolve(from, feeds) : feeds,
    once: values.once ?? false,
    json: values.json ?? false,
    ports: portsOf(values['port-base'] ?? env['AFK_PORT_BASE']),
    dataDir,
    asOf: asOf === undefined ? undefined : instant(asOf),
    restore: values.restore,
    backupDir: resolve(root, env['BACKUP_DIR'] || backupDirOf(dataDir)),
    cwd: from,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        feeds: { type: 'string' },
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        'as-of': { type: 'string' },
        'port-base': { type: 'string' },
        data: { type: 'string' },
        restore: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function portsOf(base: string | undefined): Ports {
  if (!base) return { api: 3000, front: 4321, redis: 3002, postgres: 3003, qdrant: 3004, health: 3005 };
  const n = Number(base);
  if (!Number.isInteger(n) || n < 1024 || n > 65_000) {
    throw new UsageError(`--port-base ${base}: a whole number from 1024 to 65000`);
  }
  return { api: n, front: n + 1, redis: n + 2, postgres: n + 3, qdrant: n + 4, health: n + 5 };
}

/** Ports above 1023 that browsers, and Node's fetch, refuse (the "bad ports" of the Fetch standard). */
const refused = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10_080,
]);

function instant(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`--as-of ${text}: not an ISO 8601 time`);
  return time.toISOString();
}

/** @throws UsageError naming the port that is taken, or that no browser opens */
export async function assertFree(ports: readonly { name: string; port: number }[]): Promise<void> {
  for (const { name, port } of ports) {
    if (refused.has(port)) {
      throw new UsageError(`browsers refuse port ${port} (${name}): choose others with --port-base N`);
    }
    if (!(await isFree(port))) {
      throw new UsageError(`port ${port} (${name}) is taken: choose others with --port-base N`);
    }
  }
}
