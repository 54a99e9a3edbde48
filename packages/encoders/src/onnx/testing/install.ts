import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadRuntime, loadTokenisers } from '../runtime.ts';

const folder = fileURLToPath(new URL('../../../onnx-runtime', import.meta.url));
const INSTALL_MS = 100_000;

/** Installs the optional runtime, once. @returns why the tests that need it cannot run; false: they can */
export async function installRuntime(): Promise<false | string> {
  if (await isThere()) return false;
  try {
    const args = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', args, { timeout: INSTALL_MS });
  } catch (error) {
    const { message, killed } = error as Error & { killed?: boolean };
    const why = killed ? `npm was not done in ${INSTALL_MS / 1000} s` : message.split('\n')[0];
    return `the onnx runtime could not be installed: ${why}`;
  }
  return (await isThere()) ? false : 'the onnx runtime was installed and does not load';
}

const isThere = (): Promise<boolean> =>
  Promise.all([loadRuntime(), loadTokenisers()]).then(
    () => true,
    () => false,
  );
