import process from 'node:process';
import { evaluations } from './evaluations.ts';
import { toJson, toText } from './report.ts';

const [name = '', ...rest] = process.argv.slice(2);
const args = rest.filter((argument) => argument !== '--json');
const load = evaluations[name];
try {
  if (!load) throw new Error(`npm run eval:<${Object.keys(evaluations).join('|')}>`);
  const { evaluation } = await load();
  if (args.includes('--help')) process.stdout.write(`${evaluation.usage}\n`);
  else {
    const report = await evaluation.run(args);
    process.stdout.write(`${args.length < rest.length ? toJson(report) : toText(report)}\n`);
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
