import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { get, trigger, untilComplete, type Addresses } from '../line.ts';
import { errorsIn, secretsIn } from '../logs.ts';
import { note, since } from '../notes.ts';
import { must } from '../shell.ts';
import type { Stack } from '../stack.ts';

/** What guards an installation of one's own. */
const secrets = Object.fromEntries(
  ['REDIS_ADMIN_PASSWORD', 'REDIS_PASSWORD', 'POSTGRES_PASSWORD', 'QDRANT_API_KEY'].map((name) => [
    name,
    randomBytes(24).toString('hex'),
  ]),
);

/** What must be the same afterwards. */
type Seen = { page: string } & Record<'search' | 'trends' | 'history' | 'batches', unknown[]>;

/** An installation of one's own: `.env`, a stop and a start, a backup, the loss of all data, a restore. */
export function restore(stack: () => Stack): void {
  describe('with a .env of one’s own', () => {
    it('starts, and logs neither an error nor a secret', async () => {
      const { project, at } = stack();
      await project.down('--volumes', '--remove-orphans');
      project.write(
        '.env',
        Object.entries(secrets)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      await project.compose(['up', '-d', '--no-build']);
      await project.healthy();
      for (let run = 0; run < 3; run++) await untilComplete(at, await trigger(project));
      assert.doesNotMatch(await project.logs('migrate'), /passwords fit for this machine alone/);
      assert.deepEqual(await errorsIn(project), []);
      assert.deepEqual(await secretsIn(project, secrets), []);
    });

    it('goes on after down and up with what it had', async () => {
      const { project, at } = stack();
      const before = await look(at);
      await project.down();
      const began = Date.now();
      await project.compose(['up', '-d', '--no-build', ...withoutRun]);
      await project.healthy();
      note(`from up to healthy, with data: ${since(began)}`);
      assertSame(await look(at), before);
    });

    it('comes back from a backup as it was, after every other volume is gone', async () => {
      const { project, at } = stack();
      const began = Date.now();
      note(lastLine(await project.compose(['run', '--rm', '-T', 'afk', 'backup'])));
      note(`backup, with the start of a container: ${since(began)}`);
      const before = await look(at);
      await project.down();
      const kept = `${project.name}_backups`;
      const all = (await must('docker', ['volume', 'ls', '-q', '--filter', `name=${project.name}_`])).trim();
      await must('docker', ['volume', 'rm', ...all.split('\n').filter((name) => name !== kept)]);

      const again = Date.now();
      await project.compose(['run', '--rm', '-T', 'afk', 'restore', 'latest', '--yes']);
      note(`restore, with the start of the stores: ${since(again)}`);
      await project.compose(['up', '-d', '--no-build', ...withoutRun]);
      await project.healthy();
      assertSame(await look(at), before);
      await untilComplete(at, await trigger(project));
    });
  });
}

/** All that stays up but the clock: no run begins by itself. */
const withoutRun = [
  'feeds',
  'front',
  'api',
  'extractor',
  'classifier-bridge',
  'topic-builder',
  'semantic-matcher',
  'alerts',
  'flow-listener',
  'backup',
];

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

function assertSame(now: Seen, before: Seen): void {
  for (const part of Object.keys(before) as (keyof Seen)[]) {
    // Two empty answers would be the same, too.
    assert.ok(before[part].length > 0, `${part}: nothing to compare`);
    assert.deepEqual(now[part], before[part], part);
  }
}

/** As a reader sees it. What differs from one answer to the next, and means nothing, is left out. */
async function look({ api, page }: Addresses): Promise<Seen> {
  type Trends = { items: { id: string }[] };
  const trends = await get<Trends>(`${api}/api/v1/trends?limit=50`);
  const histories = await Promise.all(
    trends.items.slice(0, 10).map((t) => get(`${api}/api/v1/trends/${t.id}/history`)),
  );
  const { items } = await get<{ items: unknown[] }>(`${api}/api/v1/search?q=government&limit=20`);
  const html = await (await fetch(page)).text();
  return {
    // Astro encrypts the addresses of what a page asks for later, with a key of each build: scripts, and what the
    // head says of them.
    page: html.replaceAll(/<(head|script|time)\b[^]*?<\/\1>/g, ''),
    search: items,
    trends: trends.items,
    history: histories,
    batches: (await get<{ items: unknown[] }>(`${api}/api/v1/batches`)).items,
  };
}
