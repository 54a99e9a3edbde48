import { setTimeout as sleep } from 'node:timers/promises';
import { must, run } from './shell.ts';
import { trigger, untilBatch, untilComplete, type Addresses, type Batch } from './line.ts';
import { serviceOf, type Project } from './project.ts';

/**
 * - crash: the container's first process is killed, as when memory runs out; Docker starts it again
 * - kill: `docker kill`, which Docker takes for a person's wish: it stays down until somebody starts it
 */
export type How = 'crash' | 'kill';

/** Kills a service's container in the middle of a run. @returns the run, complete */
export async function killDuringRun(
  project: Project,
  at: Addresses,
  service: string,
  how: How,
): Promise<Batch> {
  const id = await trigger(project);
  // From here on the event is on a stream: what is killed now must not lose it.
  if (service !== 'extractor') await untilBatch(at, 'run', (b) => b.correlation_id === id, 30_000);
  const { Id, State } = await project.container(service);
  if (how === 'crash') {
    process.kill(State.Pid, 'SIGKILL');
  } else {
    await must('docker', ['kill', Id]);
    await sleep(500);
    await must('docker', ['start', Id]);
  }
  return untilComplete(at, id, 120_000);
}

/** Whether this process may kill what runs in containers: root, on the engine's own machine. */
export async function mayCrash(project: Project): Promise<boolean> {
  const { State, Id } = await project.container('redis');
  if (process.getuid?.() !== 0) return false;
  // Docker Desktop's containers are in a machine of their own: the number says nothing here.
  const { stdout } = await run('cat', [`/proc/${State.Pid}/cgroup`]);
  return stdout.includes(Id);
}

/** What can be killed: everything that stays up. */
export async function targets(project: Project): Promise<string[]> {
  const running = (await project.containers()).filter((c) => c.State.Status === 'running');
  return [...new Set(running.map(serviceOf))].sort();
}
