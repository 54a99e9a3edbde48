// Runs before the migrations, and so before every service: a page that other machines can reach must not
// stand on passwords that anyone can read in compose.yml, or guess. Exit code 78 (settings) with what to do.
import { isIP } from 'node:net';

const DEFAULT = 'afk-local';
const LEAST = 12;
/** Of what other machines could then try; the tools' ports are on loopback whatever AFK_BIND says. */
const names = ['REDIS_ADMIN_PASSWORD', 'REDIS_PASSWORD', 'POSTGRES_PASSWORD', 'QDRANT_API_KEY'];

/**
 * Whether Docker publishes on this machine alone: loopback by its address, or by its name. All else counts as
 * open, also what is no address: who knows what it is taken for.
 */
function isLoopback(bind) {
  const address = bind.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 4) return address.startsWith('127.');
  if (isIP(address) === 6) return /^(0*:)*0*1$/.test(address);
  return address === 'localhost';
}

/** What is wrong with a password that other machines may try, if anything. */
function weakness(name) {
  const value = process.env[name] ?? '';
  if (value === '') return 'is empty';
  if (value === DEFAULT) return `is the default, "${DEFAULT}"`;
  if (value.length < LEAST) return `is shorter than ${LEAST} characters`;
  const same = names.find((other) => other !== name && process.env[other] === value);
  return same ? `is the same as ${same}` : undefined;
}

/** compose.yml puts this one into a URL as it is: what does not come out of that again lets nobody in. */
function fitsUrl(password) {
  try {
    const url = new URL(`postgres://afk:${password}@postgres:5432/afk`);
    return (
      url.hostname === 'postgres' && url.pathname === '/afk' && decodeURIComponent(url.password) === password
    );
  } catch {
    return false;
  }
}

const bind = process.env.AFK_BIND ?? '';
const faults = names.flatMap((name) => {
  const fault = weakness(name);
  return fault ? [`  ${name} ${fault}`] : [];
});
if (faults.length > 0 && isLoopback(bind)) {
  process.stderr.write(`passwords fit for this machine alone (AFK_BIND=${bind}):\n${faults.join('\n')}\n`);
} else if (faults.length > 0) {
  process.stderr.write(
    `AFK_BIND=${bind} opens AFK to other machines, with passwords that keep nobody out:\n${faults.join('\n')}\n` +
      'Give each a line in .env, NAME=..., with what `openssl rand -hex 24` prints, then `docker compose up` again. ' +
      'A database that exists keeps its password: .env.example says how to change it.\n',
  );
  process.exitCode = 78;
}
if (!fitsUrl(process.env.POSTGRES_PASSWORD ?? '')) {
  process.stderr.write(
    'POSTGRES_PASSWORD becomes part of a URL, and has a character that means something there, such as / ? # or %: ' +
      '`openssl rand -hex 24` prints one that has none. A database that exists keeps its password.\n',
  );
  process.exitCode = 78;
}
