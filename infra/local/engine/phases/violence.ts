import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killDuringRun, mayCrash, targets, type How } from '../kills.ts';
import { get, trigger, untilComplete } from '../line.ts';
import { note, since } from '../notes.ts';
import type { Stack } from '../stack.ts';

type Run = { events: { channel: string; payload: { consumer?: string } | null }[] };

/** More replicas, and every container killed in the middle of a run. */
export function violence(stack: () => Stack): void {
  describe('replicas', () => {
    it('of the classifier share the work, as the flow shows by their consumer names', async () => {
      const { project, at } = stack();
      await project.compose(['up', '-d', '--no-build', '--scale', 'classifier-bridge=3']);
      await project.healthy();
      const replicas = await project.replicas('classifier-bridge');
      assert.equal(replicas.length, 3);
      const hosts = new Set<string>();
      for (let run = 0; run < 12 && hosts.size < 3; run++) {
        const { id } = await untilComplete(at, await trigger(project));
        const { events } = await get<Run>(`${at.api}/api/v1/batches/${id}`);
        const own = events.filter((i) => i.channel === 'classifier-bridge' && i.payload?.consumer);
        for (const { payload } of own) hosts.add(payload!.consumer!.split('-')[0]!);
      }
      note(`consumers in the flow: ${[...hosts].join(', ')}`);
      assert.deepEqual([...hosts].sort(), replicas.map((c) => c.Id.slice(0, 12)).sort());
      await project.compose(['up', '-d', '--no-build', '--scale', 'classifier-bridge=1']);
      await project.healthy();
    });
  });

  describe('killed in the middle of a run, the run completes:', () => {
    for (const how of ['crash', 'kill'] as const) {
      it(`each container in turn, ${names[how]}`, async (t) => {
        const { project } = stack();
        if (how === 'crash' && !(await mayCrash(project))) return t.skip('only root on the engine’s machine');
        await killEach(stack(), how);
      });
    }
  });
}

const names: Record<How, string> = {
  crash: 'as by the kernel: Docker starts it again',
  kill: '`docker kill`, then `docker start`',
};

async function killEach({ project, at }: Stack, how: How): Promise<void> {
  const told: string[] = [];
  for (const service of await targets(project)) {
    const began = Date.now();
    const batch = await killDuringRun(project, at, service, how);
    assert.equal(batch.status, 'complete', service);
    told.push(`${service} ${since(began)}`);
  }
  note(`until the run was complete: ${told.join(', ')}`);
  const began = Date.now();
  await project.healthy();
  note(`until all were healthy again: ${since(began)}`);
  const letters = await get<{ items: unknown[] }>(`${at.api}/api/v1/dead-letters`);
  assert.deepEqual(letters.items, []);
}
