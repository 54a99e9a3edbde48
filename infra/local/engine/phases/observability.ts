import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expressions } from '../../testing/dashboard.ts';
import { provide } from '../images.ts';
import { get, trigger, untilComplete } from '../line.ts';
import { note } from '../notes.ts';
import { imageOf, type Stack } from '../stack.ts';

type Targets = { data: { activeTargets: { health: string; labels: { job: string; instance: string } }[] } };
type Answer = { data: { result: unknown[] } };

/** Longer than two scrapes. */
const SCRAPED_MS = 35_000;

/** The profile, as far as its images can be had: Prometheus, and what Grafana would ask of it. */
export function observability(stack: () => Stack): void {
  describe('the profile observability', () => {
    it('has every service scraped, and no panel of the dashboard is empty', async () => {
      const { project, at } = stack();
      await provide(imageOf('prometheus'), note);
      await project.compose(['--profile', 'observability', 'up', '-d', '--no-build', 'prometheus']);
      await project.healthy();
      const prometheus = `http://127.0.0.1:${project.env['PROMETHEUS_PORT']}/api/v1`;
      // Something to count before and after a scrape, for rates are between two.
      for (const q of ['government', 'election']) {
        await untilComplete(at, await trigger(project));
        await get(`${at.api}/api/v1/search?q=${q}`);
        await sleep(SCRAPED_MS);
      }
      const { data } = await get<Targets>(`${prometheus}/targets?state=active`);
      const down = data.activeTargets.filter((t) => t.health !== 'up').map((t) => t.labels.instance);
      assert.deepEqual(down, []);
      const empty: string[] = [];
      for (const [what, expr] of expressions) {
        if (!what.startsWith('panel')) continue;
        const { data } = await get<Answer>(`${prometheus}/query?query=${encodeURIComponent(expr)}`);
        if (data.result.length === 0) empty.push(what);
      }
      note(`${data.activeTargets.length} targets up, ${expressions.size} expressions`);
      assert.deepEqual(empty, []);
    });
  });
}
