import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const main = join(import.meta.dirname, '../../chaos/main.ts');
/** One of each kind of violent act, and one more. */
const acts = ['--kills', '12', '--seed', '1', '--json'];

test('twelve acts of violence: nothing lost, nothing doubled, only the poisoned dead', async () => {
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    (resolve) => {
      const args = [main, ...acts, '--seconds', '60'];
      execFile(process.execPath, args, { timeout: 70_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    },
  );
  const last = stdout.trim().split('\n').at(-1)!;
  assert.equal(code, 0, `${last}\n${stderr}`);
  const { kills, inputs, outputs, lost, doubled, pending, dead, poisoned } = JSON.parse(last);
  assert.deepEqual({ kills, lost, doubled, pending }, { kills: 12, lost: 0, doubled: 0, pending: 0 });
  assert.equal(dead, poisoned);
  assert.equal(outputs, inputs - poisoned);
  assert.ok(inputs > 100, 'the line was at work');
});

test('arguments that make no sense are refused, naming them', async () => {
  for (const [args, says] of [
    [['--kills', 'many'], /--kills is a whole number from 0 to 2000, not "many"/],
    [['--power-loss'], /--power-loss needs --fsync everysec/],
    [['--fsync', 'no'], /--fsync is "always" or "everysec"/],
  ] as const) {
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [main, ...args], (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      );
    });
    assert.equal(code, 2);
    assert.match(stderr, says);
  }
});
