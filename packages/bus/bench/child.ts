import { articleLoop, emitBare, emitOurs, readAck } from './emitting.ts';
import { hopBull, hopOurs } from './hop.ts';
import { latencyBull, latencyOurs, latencyRaw } from './latency.ts';
import { answerBoth, askBoth } from './request.ts';
import { runStage } from './stage.ts';

/** What a child process can measure, by name; its arguments come as JSON, its result goes by message. */
const tasks = {
  hopOurs,
  hopBull,
  emitOurs,
  emitBare,
  articleLoop,
  readAck,
  latencyOurs,
  latencyRaw,
  latencyBull,
  askBoth,
};
/** What a child process does until it is told to end. */
const servers = { answerBoth, runStage };
export type Tasks = typeof tasks;
export type Servers = typeof servers;

if (process.send) {
  const [name = '', options = '{}'] = process.argv.slice(2);
  if (name in tasks) {
    process.send(await tasks[name as keyof Tasks](JSON.parse(options)));
    process.exit(0);
  }
  const close = await servers[name as keyof Servers](JSON.parse(options));
  process.on('disconnect', () => process.exit(0));
  process.on('message', async (message) => {
    if (message !== 'end') return;
    await close();
    process.exit(0);
  });
  process.send('ready');
}
