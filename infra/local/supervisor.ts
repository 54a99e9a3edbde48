import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './options.ts';
import type { ServiceSpec } from './services.ts';
import { stopProgram } from './stores/child.ts';

/** What a service has to say to the person at the terminal. */
export type Notice = { service: string; level: string; text: string };

type Running = { spec: ServiceSpec; child: ChildProcess; restarts: number };

const READY_MS = 60_000;
const STOP_MS = 7000;
const HEALTHY_MS = 60_000;
const LOG_BYTES = 10 * 1024 * 1024;
/** Exit code of a service whose settings or wiring are wrong: starting it again would change nothing. */
const EX_CONFIG = 78;

/** Runs services as child processes: logs to files, starts again what ends by itself. */
export class Supervisor {
  private readonly running = new Map<string, Running>();
  private readonly logDir: string;
  private readonly notify: (notice: Notice) => void;
  private stopping = false;

  constructor(logDir: string, notify: (notice: Notice) => void) {
    this.logDir = logDir;
    this.notify = notify;
    mkdirSync(logDir, { recursive: true });
  }

  /** Starts all of them and waits until each is healthy. @throws Error with the words of the one that is not */
  async start(specs: readonly ServiceSpec[]): Promise<void> {
    for (const spec of specs) this.launch(spec, 0);
    await Promise.all(specs.map((spec) => this.untilHealthy(spec)));
  }

  /** Stops all services; returns when none is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    const stop = (api: boolean): Promise<unknown> =>
      Promise.all(
        [...this.running.values()]
          .filter(({ spec }) => (spec.name === 'api') === api)
          .map(({ child }) => stopProgram(child, 'SIGTERM', STOP_MS)),
      );
    // The page is built from the API, which goes last: a build in hand can finish.
    await stop(false);
    await stop(true);
  }

  pids(): { name: string; pid: number }[] {
    return [...this.running.values()].flatMap(({ spec, child }) =>
      child.pid ? [{ name: spec.name, pid: child.pid }] : [],
    );
  }

  private launch(spec: ServiceSpec, restarts: number): void {
    const started = Date.now();
    const child = spawn(process.execPath, [spec.script], {
      cwd: root,
      env: spec.env,
      // Its own session: Ctrl-C reaches the supervisor, which decides the order of the end.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.running.set(spec.name, { spec, child, restarts });
    const log = openLog(join(this.logDir, `${spec.name}.log`));
    let lastWords = '';
    createInterface({ input: child.stdout! }).on('line', (line) => {
      log.write(`${line}\n`);
      const notice = noticeOf(spec.name, line);
      if (notice) this.notify(notice);
      if (notice?.level === 'fatal') lastWords = notice.text;
    });
    createInterface({ input: child.stderr! }).on('line', (line) => {
      log.write(`${line}\n`);
      lastWords = `${lastWords}\n${line}`.trim().slice(-2000);
    });
    child.once('exit', (code, signal) => {
      log.end();
      // One that ran well for a while begins anew.
      const before = Date.now() - started > HEALTHY_MS ? 0 : restarts;
      if (!this.stopping) this.ended(spec, before, code ?? signal ?? 'unknown', lastWords);
    });
  }

  private ended(spec: ServiceSpec, restarts: number, how: number | string, lastWords: string): void {
    const again = how !== EX_CONFIG;
    const delay = Math.min(30_000, 500 * 2 ** restarts);
    const what = `ended (${how})${again ? `, starting it again in ${delay / 1000} s` : ''}`;
    this.notify({ service: spec.name, level: 'error', text: lastWords ? `${what}: ${lastWords}` : what });
    if (again) {
      setTimeout(() => {
        if (!this.stopping) this.launch(spec, restarts + 1);
      }, delay);
    }
  }

  private async untilHealthy({ name, healthUrl }: ServiceSpec): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (!this.stopping) {
      const { child, restarts } = this.running.get(name)!;
      if (child.exitCode === EX_CONFIG || restarts >= 3) throw new Error(`${name} does not start: see above`);
      const healthy = await fetch(healthUrl, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      if (healthy?.ok) return;
      if (Date.now() > deadline) throw new Error(`${name} is not healthy after ${READY_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Lines of level warn and above, in short; pino's JSON. */
function noticeOf(service: string, line: string): Notice | undefined {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const level = String(entry['level']);
  if (!['warn', 'error', 'fatal'].includes(level)) return undefined;
  const subject = entry['feed'] ?? entry['channel'] ?? entry['event'] ?? entry['location'];
  const detail = entry['reason'] ?? entry['error'];
  const parts = [entry['msg'], subject, detail].filter((p) => typeof p === 'string');
  return { service, level, text: parts.join(': ') };
}

function openLog(path: string): WriteStream {
  try {
    if (statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  } catch {
    // There is none yet.
  }
  return createWriteStream(path, { flags: 'a' });
}
