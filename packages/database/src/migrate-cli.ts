import { readFileSync } from 'node:fs';
import process from 'node:process';
import { migrate } from './migrate.ts';

/**
 * `node migrate-cli.ts`: brings the database of DATABASE_URL (or of the file DATABASE_URL_FILE) up to date.
 * Exit code 0 when it is, 78 without a setting, 1 with the database's own words.
 */
const { DATABASE_URL, DATABASE_URL_FILE } = process.env;
try {
  const url = DATABASE_URL_FILE ? readFileSync(DATABASE_URL_FILE, 'utf8').trim() : DATABASE_URL;
  if (url) {
    const applied = await migrate(url);
    process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'up to date\n');
  } else {
    process.stderr.write('DATABASE_URL: set it to postgres://user:password@host:port/database\n');
    process.exitCode = 78;
  }
} catch (error) {
  process.stderr.write(`migration failed: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
