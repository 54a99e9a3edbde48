import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSite, createSiteServer } from '../site/index.ts';
import { startFakeApi } from './fake-api.ts';

/**
 * `node src/testing/serve-site.ts [port] [trends] [empty|clean]`: the whole site over invented news, to look
 * at by hand. `clean` leaves the hostile headlines out.
 */
const [port = '4101', trends = '60', kind = ''] = process.argv.slice(2);
const log = { info: console.log, warn: console.warn };
const api = await startFakeApi({
  trends: Number(trends),
  empty: kind === 'empty',
  hostile: kind !== 'clean',
});
const folder = await mkdtemp(join(tmpdir(), 'afk-front-'));
const site = createSiteServer({ port: Number(port), host: '127.0.0.1', apiUrl: api.url, log });
console.log('listening', await site.listen());
const stop = new AbortController();
process.once('SIGTERM', async () => {
  stop.abort();
  await Promise.all([site.close(), api.close()]);
  await rm(folder, { recursive: true, force: true });
});
await buildSite({ apiUrl: api.url, outDir: join(folder, '1'), signal: stop.signal, log });
await site.swap(join(folder, '1'));
