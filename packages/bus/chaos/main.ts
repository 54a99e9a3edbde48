// Stress by violence: producers and three stages under kill -9, and a count of what came out.
import { countUp, type Count } from './count.ts';
import { readOptions, usage, type Options } from './options.ts';
import { untilPeace, type Rest } from './peace.ts';
import { planOf } from './plan.ts';
import { openScene } from './scene.ts';
import { violate, GRACE_MS, type Done } from './violence.ts';

/** Of the whole time, what is left for the calm at the end, s. */
const CALM_S = 100;
/** Of what is wrong, so many examples are shown. */
const SHOWN = 10;

type Result = { count: Count; rest: Rest; done: Done; crashes: string[]; seconds: number };

function arguments_(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`chaos: ${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

async function run(options: Options, say: (line: string) => void): Promise<Result> {
  const began = Date.now();
  const end = began + options.seconds * 1000;
  const violentUntil = Math.max(end - CALM_S * 1000, began + options.seconds * 500);
  const scene = await openScene(options);
  if (options.keep) process.stderr.write(`files: ${scene.dir}\n`);
  try {
    const done = await violate(scene, planOf(options.seed, options.kills), violentUntil, say);
    say('peace');
    const rest = await untilPeace(scene, end);
    const count = await countUp(scene, options.seed);
    const ends = scene.workers.map((w) => w.finish('SIGTERM', GRACE_MS).then((ms) => [w.name, ms] as const));
    for (const [name, ms] of await Promise.all(ends)) if (ms === Infinity) done.late.push(name);
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    return { count, rest, done, crashes: scene.crashes, seconds };
  } finally {
    await scene.close();
  }
}

/** All that is wrong, for people. */
function faults({ count, rest, done, crashes }: Result, { fsync, kills }: Options): string[] {
  const several = (what: string, items: readonly string[]): string[] => [
    ...items.slice(0, SHOWN).map((item) => `${what}: ${item}`),
    ...(items.length > SHOWN ? [`${what}: and ${items.length - SHOWN} more`] : []),
  ];
  // What Redis was told in its last seconds may be gone, and is reported; anything else may not.
  const strict = fsync === 'always';
  return [
    ...several('lost', strict ? count.lost : count.unexplained),
    ...several('doubled', count.doubled),
    ...several('stuck', rest.stuck),
    ...several('wrong dead letter', count.wrongDead),
    ...(strict && count.dead !== count.poisoned ? [`dead ${count.dead}, poisoned ${count.poisoned}`] : []),
    ...(rest.pending > 0 ? [`pending: ${rest.pending}`] : []),
    ...several(`did not go within ${GRACE_MS} ms`, done.late),
    ...several('crashed', crashes),
    ...(rest.consumers > kills + 6 ? [`consumers: ${rest.consumers}`] : []),
  ];
}

const options = arguments_();
const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));
(options.json ? process.stderr : process.stdout).write(`seed ${options.seed}\n`);
const result = await run(options, say);
const { count, rest, done } = result;
const wrong = faults(result, options);
for (const line of wrong) process.stderr.write(`${line}\n`);
const summary = {
  kills: Object.values(done.acts).reduce((sum, n) => sum + n, 0),
  inputs: count.inputs,
  outputs: count.outputs,
  lost: count.lost.length,
  doubled: count.doubled.length,
  reruns: count.reruns,
  pending: rest.pending,
  dead: count.dead,
  poisoned: count.poisoned,
  consumers: rest.consumers,
  late: done.late.length,
  crashed: result.crashes.length,
  seconds: result.seconds,
  seed: options.seed,
  acts: done.acts,
};
if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
else for (const [name, value] of Object.entries(summary)) say(`${name.padEnd(10)} ${JSON.stringify(value)}`);
// Everything is closed by now; what a proxy's dark sockets may still keep must not keep this process.
process.stdout.write('', () => process.exit(wrong.length > 0 ? 1 : 0));
