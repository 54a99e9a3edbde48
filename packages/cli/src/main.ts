import process from 'node:process';
import { createProgram } from './program.ts';

try {
  await createProgram(process.env, (text) => process.stdout.write(text)).parseAsync(process.argv);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
