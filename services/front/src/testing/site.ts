import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSite, createSiteServer, type SiteServer } from '../site/index.ts';
import { startFakeApi, type FakeApi } from './fake-api.ts';
import type { FakeOptions } from './fake-data.ts';

export const quiet = { info: () => undefined, warn: () => undefined };

/** A real site over the fake API: built, served, and gone again with `close`. */
export type TestSite = {
  api: FakeApi;
  server: SiteServer;
  url: string;
  /** Builds what the API answers now, without serving it. @returns the build's folder. */
  build(): Promise<string>;
  get(path: string, init?: RequestInit): Promise<Response>;
  text(path: string): Promise<string>;
  close(): Promise<void>;
};

export async function startSite(options: FakeOptions & { empty?: boolean } = {}): Promise<TestSite> {
  const api = await startFakeApi(options);
  const folder = await mkdtemp(join(tmpdir(), 'afk-front-'));
  const server = createSiteServer({ port: 0, host: '127.0.0.1', apiUrl: api.url, log: quiet });
  const { port } = await server.listen();
  const url = `http://127.0.0.1:${port}`;
  let builds = 0;
  const get = (path: string, init?: RequestInit) => fetch(url + path, init);
  return {
    api,
    server,
    url,
    get,
    text: async (path) => (await get(path)).text(),
    async build() {
      const outDir = join(folder, String(++builds));
      await buildSite({ apiUrl: api.url, outDir, signal: AbortSignal.timeout(90_000), log: quiet });
      return outDir;
    },
    async close() {
      await Promise.all([server.close(), api.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
