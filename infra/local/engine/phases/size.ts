import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { root } from '../../options.ts';
import { mb, memory, sum, watchMemory } from '../figures.ts';
import { trigger, untilComplete } from '../line.ts';
import { note } from '../notes.ts';
import type { Stack } from '../stack.ts';

/** The real headlines, where they are: beside the repository, never in it. */
const shared = join(root, '..', 'shared');
const server = join(shared, 'tools', 'feed-server.mjs');

/** Long enough for threads that wait for work to end, and for garbage to go. */
const IDLE_MS = 60_000;

/** Serves them within the extractor's own network, for it listens on loopback. */
const feeds = `
services:
  extractor:
    environment:
      AFK_FEEDS: http://127.0.0.1:8088/feeds.opml
  real-feeds:
    image: node:26-bookworm-slim
    user: node
    command: [node, /shared/tools/feed-server.mjs]
    network_mode: service:extractor
    volumes: ['${shared}:/shared:ro']
    depends_on: [extractor]
`;

/** What the stack takes. */
export function size(stack: () => Stack): void {
  describe('memory', () => {
    it('idle', async () => {
      const { project } = stack();
      await sleep(IDLE_MS);
      const used = await memory(project);
      tell(new Map([...used].map(([name, { bytes }]) => [name, bytes])));
      note(`idle: services ${mb(sum(used, true))}, with the stores ${mb(sum(used, false))}`);
    });

    it('during a run of 11,430 headlines', async (t) => {
      if (!existsSync(server)) return t.skip('../shared/tools/feed-server.mjs is not there');
      const { project, at } = stack();
      project.add('compose.real-feeds.yml', feeds);
      await project.compose(['up', '-d', '--no-build', 'real-feeds']);
      await project.healthy();
      const run = untilComplete(at, await trigger(project), 300_000);
      const { peaks, ours, all } = await watchMemory(project, run);
      const { headlines, seconds } = await run;
      tell(peaks);
      note(
        `${headlines} headlines in ${seconds} s: services ${mb(ours)} at most, with the stores ${mb(all)}`,
      );
      assert.ok(headlines > 11_000, `${headlines}`);
    });
  });
}

function tell(used: Map<string, number>): void {
  const sorted = [...used].sort(([, a], [, b]) => b - a);
  note(sorted.map(([name, bytes]) => `${name} ${mb(bytes)}`).join(', '));
}
