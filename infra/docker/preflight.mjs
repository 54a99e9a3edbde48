// Runs before the migrations, and so before every service: a page that other machines can reach must not
// stand on passwords that anyone can read in compose.yml. Exit code 78 (settings) with what to do.
const DEFAULT = 'afk-local';

/** The variable of `.env`, and where its value arrives in this container. */
const secrets = {
  REDIS_PASSWORD: 'REDIS_URL',
  POSTGRES_PASSWORD: 'DATABASE_URL',
  QDRANT_API_KEY: 'QDRANT_API_KEY',
};

const bind = process.env.AFK_BIND || '127.0.0.1';
const onlyHere = bind === 'localhost' || bind === '::1' || bind === '[::1]' || bind.startsWith('127.');
const weak = Object.keys(secrets).filter((name) => process.env[secrets[name]]?.includes(DEFAULT));
if (weak.length > 0 && !onlyHere) {
  process.stderr.write(
    `AFK_BIND=${bind} opens AFK to other machines. Set in .env first, each to its own ` +
      `\`openssl rand -hex 24\`: ${weak.join(', ')}\n`,
  );
  process.exit(78);
}
if (weak.length > 0) process.stderr.write(`default passwords: fit for this machine alone (${bind})\n`);
