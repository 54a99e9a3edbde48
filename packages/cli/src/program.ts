import { Command, Option } from 'commander';
import { Connections } from './connections.ts';
import { backupCommands } from './commands/backup.ts';
import { dlqCommands } from './commands/dlq.ts';
import { feedCommands } from './commands/feeds.ts';
import { flowCommands } from './commands/flow.ts';
import { modelCommands } from './commands/models.ts';
import { pipelineCommands } from './commands/pipeline.ts';
import { restoreCommand } from './commands/restore.ts';
import { searchCommands } from './commands/searches.ts';
import { topicsCommand } from './commands/topics.ts';
import { triggerCommand } from './commands/trigger.ts';
import { createOutput, type Output } from './output.ts';
import { readSettings } from './settings.ts';

/** What a command's action is given. */
export type Deps = { connections: Connections; out: Output };
/** Wraps an action: opens nothing by itself, closes what was opened. */
export type Act = <A extends unknown[]>(
  action: (deps: Deps, ...args: A) => Promise<void> | void,
) => (...args: A) => Promise<void>;

/** Builds the `afk` command line. */
export function createProgram(
  env: Readonly<Record<string, string | undefined>>,
  write: (t: string) => void,
): Command {
  const program = new Command('afk')
    .description('Look into a running AFK, and steer it. It finds the one started by `npm start` by itself.')
    .addOption(new Option('--json', 'answer with JSON, where the answer is data'))
    .addOption(
      new Option('--data <dir>', 'data folder of the AFK that is meant (default: .afk in the project)'),
    )
    .showHelpAfterError('(afk --help tells what there is)')
    .configureHelp({ showGlobalOptions: true });
  const act: Act =
    (action) =>
    async (...args) => {
      const { json = false, data } = program.opts<{ json?: boolean; data?: string }>();
      const connections = new Connections(readSettings(env, data));
      try {
        await action({ connections, out: createOutput(json, write) }, ...args);
      } finally {
        await connections.close();
      }
    };
  triggerCommand(program, act);
  pipelineCommands(program, act);
  flowCommands(program, act);
  dlqCommands(program, act);
  feedCommands(program, act);
  modelCommands(program, act);
  searchCommands(program, act);
  topicsCommand(program, act);
  backupCommands(program, act);
  restoreCommand(program, act);
  return program;
}
