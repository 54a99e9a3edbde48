import { existsSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { layoutOf, sharedData } from './data/shared.ts';
import type { Job } from './data/shared.ts';
import { evaluations } from './evaluations.ts';
import { toJson, toText } from './report.ts';

const usage = `npm run eval -- [--data FOLDER] [--json]
  FOLDER: laid out like ../shared/data, which is the default: stories-en, headlines-fr, topics, categories, search.`;

try {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  else await evaluateAll(values.data ?? sharedData, values.json);
} catch (error) {
  fail((error as Error).message);
}

async function evaluateAll(folder: string, json: boolean): Promise<void> {
  if (!existsSync(folder)) throw new Error(`${folder}: no such folder\n${usage}`);
  const { jobs, skipped } = layoutOf(folder);
  for (const { name, why } of skipped) process.stderr.write(`eval:${name} skipped: ${why}\n`);
  if (jobs.length === 0) fail(`${folder}: nothing to evaluate`);
  for (const job of jobs) {
    try {
      process.stdout.write(`${await evaluate(job, json)}\n`);
    } catch (error) {
      // The others are worth having all the same.
      fail(`eval:${job.name} on ${job.reads}: ${(error as Error).message}`);
    }
  }
}

async function evaluate({ name, args, reads }: Job, json: boolean): Promise<string> {
  const { evaluation } = await evaluations[name]!();
  const report = await evaluation.run(args);
  if (!json) return `${toText(report)}\n`;
  return JSON.stringify({ evaluation: name, data: reads, ...(JSON.parse(toJson(report)) as object) });
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
