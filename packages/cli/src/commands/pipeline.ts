import { edgesOf, toMermaid } from '@afk/contracts';
import type { Command } from 'commander';
import type { Act } from '../program.ts';

export function pipelineCommands(program: Command, act: Act): void {
  const pipeline = program.command('pipeline').description('The pipeline as the file says it is');
  pipeline
    .command('check')
    .description('Check pipeline.json without starting anything; exit code 1 where it cannot run')
    .action(
      act(({ connections, out }) => {
        const { services } = connections.pipeline();
        out.data(
          { ok: true, services: Object.keys(services) },
          (v) => `pipeline.json is fine: ${v.services.length} services`,
        );
      }),
    );
  pipeline
    .command('graph')
    .description('Draw it as a Mermaid flowchart (with --json: its edges)')
    .action(
      act(({ connections, out }) => {
        const read = connections.pipeline();
        out.data(edgesOf(read), () => toMermaid(read));
      }),
    );
}
