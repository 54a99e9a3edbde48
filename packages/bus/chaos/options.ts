import { parseArgs } from 'node:util';

export type Options = {
  kills: number;
  seed: number;
  json: boolean;
  fsync: 'always' | 'everysec';
  /** A kill of Redis takes with it what it wrote in its last second. */
  powerLoss: boolean;
  /** Bound of the whole run, s. */
  seconds: number;
  /** Leave the files of the run where they are. */
  keep: boolean;
};

/** Nothing runs for longer, s. */
const LIMIT_S = 600;

export const usage = `usage: npm run chaos -- [--kills N] [--seed S] [--json]
         [--fsync always|everysec] [--power-loss] [--seconds MAX] [--keep]

  --kills N       violent acts (60)
  --seed S        of everything that is drawn (drawn itself, and printed)
  --json          the last line of stdout is one JSON object
  --fsync MODE    appendfsync of Redis (always)
  --power-loss    with everysec: a killed Redis also loses what its last second wrote
  --seconds MAX   bound of the whole run (what N takes; ${LIMIT_S} at most)
  --keep          leave logs and data, and say where
`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      json: { type: 'boolean', default: false },
      fsync: { type: 'string', default: 'always' },
      'power-loss': { type: 'boolean', default: false },
      seconds: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const { fsync, json, keep } = values;
  if (fsync !== 'always' && fsync !== 'everysec') {
    throw new Error(`--fsync is "always" or "everysec", not "${fsync}"`);
  }
  const powerLoss = values['power-loss'];
  if (powerLoss && fsync !== 'everysec') {
    throw new Error('--power-loss needs --fsync everysec: with "always" nothing that was answered is lost');
  }
  const kills = whole('kills', values.kills, 0, 2000);
  const seed = whole('seed', values.seed, 0, 2 ** 32 - 1);
  const enough = String(Math.min(LIMIT_S, 120 + kills));
  const seconds = whole('seconds', values.seconds ?? enough, 20, LIMIT_S);
  return { kills, seed, json, fsync, powerLoss, seconds, keep };
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}
