import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a server that an earlier start left behind (it was killed with -9): the process of that pid
 * file, if it is alive and its command line names `mark` – a number alone may be anybody's by now.
 */
export async function endLeftover(pidFile: string, mark: string, signal: NodeJS.Signals): Promise<void> {
  const pid = readPid(pidFile);
  if (pid === undefined || !commandLine(pid).includes(mark)) return;
  process.kill(pid, signal);
  for (let waited = 0; waited < 10_000 && commandLine(pid).includes(mark); waited += 50) await sleep(50);
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
