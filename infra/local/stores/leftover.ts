import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends a server that an earlier start left behind (it was killed with -9): the process of that pid
 * file, if it is alive and works in that folder – a number alone may be anybody's by now.
 *
 * @param pidFile its first line is the pid
 */
export async function endLeftover(
  pidFile: string,
  { workingIn }: { workingIn: string },
  signal: NodeJS.Signals,
): Promise<void> {
  const pid = readPid(pidFile);
  if (pid === undefined || !worksIn(pid, workingIn)) return;
  process.kill(pid, signal);
  for (let waited = 0; waited < 10_000 && worksIn(pid, workingIn); waited += 50) await sleep(50);
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function worksIn(pid: number, dir: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dir);
  } catch {
    return false;
  }
}
