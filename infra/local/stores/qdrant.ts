import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { startProgram, stopProgram, toStore, untilReady, type Store } from './child.ts';
import { findProgram } from './find-program.ts';
import { endLeftover } from './leftover.ts';

/** Starts a `qdrant` that is on the PATH, else `qdrant-local`, on loopback. */
export async function startQdrant({ dir, port }: { dir: string; port: number }): Promise<Store> {
  mkdirSync(dir, { recursive: true });
  await endQdrant(dir);
  const program = findProgram('qdrant');
  const child = program ? startServer(program, dir, port) : startLocal(dir, port);
  if (program) writeFileSync(join(dir, 'qdrant.pid'), String(child.pid));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady('Qdrant', child, async () => (await fetch(`${url}/readyz`)).ok);
  } catch (error) {
    await stopProgram(child, 'SIGKILL', 1000);
    throw error;
  }
  return toStore(child, url, 'SIGTERM', 5000);
}

/** Ends a Qdrant that an earlier start left on this folder (qdrant-local ends with its parent). */
export async function endQdrant(dir: string): Promise<void> {
  await endLeftover(join(dir, 'qdrant.pid'), { workingIn: dir }, 'SIGTERM');
}

function startServer(program: string, dir: string, port: number) {
  const env = {
    ...process.env,
    QDRANT__SERVICE__HOST: '127.0.0.1',
    QDRANT__SERVICE__HTTP_PORT: String(port),
    QDRANT__SERVICE__GRPC_PORT: 'null',
    QDRANT__STORAGE__STORAGE_PATH: join(dir, 'storage'),
    QDRANT__STORAGE__SNAPSHOTS_PATH: join(dir, 'snapshots'),
    QDRANT__TELEMETRY_DISABLED: 'true',
  };
  return startProgram(program, [], { env, cwd: dir });
}

function startLocal(dir: string, port: number) {
  const script = fileURLToPath(new URL('./qdrant-child.ts', import.meta.url));
  const stdio: ['ignore', 'pipe', 'pipe', 'ipc'] = ['ignore', 'pipe', 'pipe', 'ipc'];
  return startProgram(process.execPath, [script, join(dir, 'local'), String(port)], { stdio });
}
