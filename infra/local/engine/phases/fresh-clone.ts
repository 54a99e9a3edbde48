import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../options.ts';
import { boxCount, unticked } from '../checklist.ts';
import { imageSize, mb } from '../figures.ts';
import { batches, get, untilBatch, type Found } from '../line.ts';
import { errorsIn } from '../logs.ts';
import { note, since } from '../notes.ts';
import { serviceOf } from '../project.ts';
import { built, compose, imageOf, type Stack } from '../stack.ts';

/** From nothing to a page, as the README says it: no `.env`, no settings but where the feeds are. */
export function freshClone(stack: () => Stack): void {
  describe('a fresh clone, and no .env', () => {
    it('has a compose.yml that compose takes without a word', async () => {
      const { stderr, code } = await stack().project.tryCompose(['config', '-q']);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    });

    it('builds every image', () => buildAll(stack()));

    it('is up and healthy, and says that its passwords are for this machine alone', async () => {
      const { project } = stack();
      const began = Date.now();
      await project.compose(['up', '-d', '--no-build']);
      await project.healthy();
      note(`from up to healthy: ${since(began)}`);
      assert.match(await project.logs('migrate'), /passwords fit for this machine alone/);
    });

    it('has containers that tick every box of the checklist', async () => {
      const containers = await stack().project.containers();
      const expected = Object.keys(compose.services).filter((name) => !compose.services[name]!.profiles);
      const there = containers.map(serviceOf);
      assert.deepEqual(
        expected.filter((name) => !there.includes(name)),
        [],
      );
      const bad = containers.flatMap((c) => unticked(c).map((box) => `${serviceOf(c)}: ${box}`));
      assert.deepEqual(bad, []);
      note(`${containers.length} containers tick ${boxCount} boxes each, but for what compose.yml excuses`);
    });

    it('has pulled the feeds, and shows them', async () => {
      const { at } = stack();
      const run = await untilBatch(at, 'complete run', (b) => b.status === 'complete');
      note(`first run: ${run.headlines} headlines in ${run.seconds} s`);
      assert.ok(run.headlines > 100);
      const { items } = await get<Found>(`${at.api}/api/v1/headlines?limit=5`);
      const found = await get<Found>(`${at.api}/api/v1/search?q=${encodeURIComponent(items[0]!.title)}`);
      assert.ok(found.items.some((i) => i.title === items[0]!.title));
      const page = await (await fetch(at.page)).text();
      assert.match(page, /<h1/);
      const trends = await get<{ items: { title?: string; label?: string }[] }>(
        `${at.api}/api/v1/trends?limit=1`,
      );
      assert.equal(trends.items.length, 1);
    });

    it('answers on loopback alone', async () => {
      for (const service of ['api', 'front', 'redis', 'postgres', 'qdrant']) {
        const { HostConfig } = await stack().project.container(service);
        const bindings = Object.values(HostConfig.PortBindings ?? {}).flat();
        assert.deepEqual([...new Set(bindings.map((b) => b!.HostIp))], ['127.0.0.1'], service);
      }
    });

    it('runs when the clock says so', () => runByClock(stack()));

    it('denied no service what it needs, and denies what is the administrator’s', async () => {
      const { project } = stack();
      assert.equal(await project.redis('ACL', 'LOG'), '');
      const as = async (user: string, ...args: string[]): Promise<string> => {
        const script = 'REDISCLI_AUTH=$REDIS_PASSWORD exec redis-cli --user "$0" "$@" 2>&1';
        return (await project.compose(['exec', '-T', 'redis', 'sh', '-c', script, user, ...args])).trim();
      };
      for (const command of [
        ['FLUSHALL'],
        ['CONFIG', 'SET', 'maxmemory', '1'],
        ['SHUTDOWN'],
        ['ACL', 'LIST'],
      ])
        assert.match(await as('extractor', ...command), /NOPERM/, command.join(' '));
      assert.match(await as('scheduler', 'XRANGE', 'extractor', '-', '+'), /NOPERM/);
      await project.redis('ACL', 'LOG', 'RESET');
    });

    it('is not opened to others with these passwords', async () => {
      const env = { AFK_BIND: '0.0.0.0' };
      const args = ['run', '--rm', '-T', '--no-deps', 'migrate'];
      const { code, stdout, stderr } = await stack().project.tryCompose(args, { env });
      assert.equal(code, 78);
      assert.match(stdout + stderr, /AFK_BIND=0\.0\.0\.0 opens AFK[^]*POSTGRES_PASSWORD/);
    });

    it('has logs without an error', async () => {
      assert.deepEqual(await errorsIn(stack().project), []);
    });
  });
}

async function buildAll({ project }: Stack): Promise<void> {
  const began = Date.now();
  const [first, second, ...rest] = built;
  await project.compose(['build', first!]);
  note(`image of the first service (${first}): ${since(began)}`);
  const again = Date.now();
  await project.compose(['build', second!]);
  note(`image of a second service (${second}): ${since(again)}`);
  await project.compose(['build', ...rest, ...extra(project.files)]);
  note(`all ${built.length} images: ${since(began)}`);
  for (const name of built) {
    const { whole, own } = await imageSize(imageOf(name), 'node:26-bookworm-slim');
    note(`${name.padEnd(18)} ${mb(whole)}, ${mb(own)} of it beyond Node's image`);
    assert.ok(own > 0 && own < 400 * 2 ** 20, `${name}: ${mb(own)}`);
  }
}

/** What is built beside: where Qdrant cannot be pulled, what stands in its place. */
const extra = (files: readonly string[]): string[] =>
  files.includes('compose.qdrant-local.yml') ? ['qdrant'] : [];

/** The jobs as they are, at another time of day. */
async function runByClock({ project, at }: Stack): Promise<void> {
  const ini = readFileSync(join(root, 'scheduler-config.ini'), 'utf8');
  const known = new Set((await batches(at)).map((b) => b.id));
  // In place: the container has this very file.
  project.write('scheduler-config.ini', ini.replaceAll(/^(schedule = )0 \*\/.*$/gm, '$1*/10 * * * * *'));
  await project.compose(['restart', 'scheduler']);
  const isNew = (b: { id: string; status: string }): boolean => !known.has(b.id) && b.status === 'complete';
  const run = await untilBatch(at, 'run of the clock', isNew);
  project.write('scheduler-config.ini', ini);
  await project.compose(['restart', 'scheduler']);
  await project.healthy();
  note(`a run of the clock: ${run.headlines} new headlines in ${run.seconds} s`);
}
