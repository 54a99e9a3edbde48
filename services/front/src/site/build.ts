import { spawn } from 'node:child_process';
import { glob, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { siteKey } from './key.ts';

/** What a build says while it runs: pino's shape. */
export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
};

export type BuildOptions = {
  /** The API that the pages are drawn from, such as `http://127.0.0.1:4000`. */
  apiUrl: string;
  /** A folder that does not exist yet, or is empty. Its parent keeps `site.key` (see `key`). */
  outDir: string;
  /** The Astro project; this service by default. */
  projectDir?: string;
  /** 32 bytes, base64: the key of server islands. Default: the one kept beside the builds. */
  key?: string;
  signal: AbortSignal;
  log: Log;
};

const frontDir = fileURLToPath(new URL('../..', import.meta.url));
const childFile = fileURLToPath(new URL('./build-child.ts', import.meta.url));
const keptLines = 30;

/**
 * Builds the site into a fresh folder, in a child process: its memory is returned, and no crash of it
 * reaches the service. Nothing that is being served is touched. A build that fails leaves no folder.
 *
 * @returns pages prerendered, and seconds taken.
 * @throws Error with the last lines that the build wrote; the signal's reason if it was aborted.
 */
export async function buildSite(options: BuildOptions): Promise<{ pages: number; seconds: number }> {
  const started = performance.now();
  const outDir = resolve(options.outDir);
  const workDir = `${outDir}.work`;
  // Built beside, and put in its place when it is whole: a folder that is there is a complete build.
  const unfinished = `${workDir}/out`;
  options.signal.throwIfAborted();
  if ((await readdir(outDir).catch(() => [])).length > 0)
    throw new Error(`${outDir} is not empty: a build needs a fresh folder`);
  try {
    await mkdir(unfinished, { recursive: true });
    const key = options.key ?? (await siteKey(dirname(outDir)));
    await runChild({ ...options, outDir: unfinished, key }, workDir);
    await forgetFolder(unfinished);
    await rename(unfinished, outDir);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  const pages = (await Array.fromAsync(glob('client/**/*.html', { cwd: outDir }))).length;
  const seconds = Math.round((performance.now() - started) / 10) / 100;
  options.log.info({ pages, seconds, outDir }, 'site built');
  return { pages, seconds };
}

async function runChild(options: BuildOptions & { key: string }, workDir: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [childFile, options.projectDir ?? frontDir, options.outDir, workDir],
    {
      cwd: options.projectDir ?? frontDir,
      // Nothing is inherited: two builds of the same data are the same, whoever starts them.
      env: {
        AFK_API_URL: options.apiUrl,
        ASTRO_KEY: options.key,
        ASTRO_TELEMETRY_DISABLED: '1',
        NODE_ENV: 'production',
        NO_COLOR: '1',
        TZ: 'UTC',
      },
      // The channel tells the child when this process is gone.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      signal: options.signal,
      killSignal: 'SIGKILL',
    },
  );
  const lines = lastLines(keptLines);
  child.stdout!.on('data', lines.add);
  child.stderr!.on('data', lines.add);
  const { code, error } = await new Promise<{ code: number | string | null; error?: Error }>((done) => {
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
      if (child.pid === undefined) done({ code: null, error });
    });
    child.once('close', (code, signal) => done({ code: code ?? signal, ...(failure && { error: failure }) }));
  });
  options.signal.throwIfAborted();
  if (code === 0) return;
  throw new Error(`the site's build failed (${code ?? 'not started'}):\n${lines.text()}`, { cause: error });
}

/** Keeps the end of a stream of text. */
function lastLines(most: number) {
  let text = '';
  return {
    add: (chunk: Buffer) => {
      text = (text + chunk.toString()).split('\n').slice(-most).join('\n');
    },
    text: () => text.trim(),
  };
}

/**
 * Takes the folder's own name out of the server's code. Only the relation of its parts matters there, and
 * without it two builds of the same sources have the same code: the server need not load it again.
 */
async function forgetFolder(outDir: string): Promise<void> {
  const own = [pathToFileURL(outDir).href, outDir];
  const cache = [pathToFileURL(`${outDir}.work`).href, `${outDir}.work`];
  for await (const file of glob('server/**/*.mjs', { cwd: outDir })) {
    const path = join(outDir, file);
    const code = await readFile(path, 'utf8');
    const replaced = [...cache, ...own].reduce(
      (text, name) => text.replaceAll(name, name.startsWith('file:') ? 'file:///site' : '/site'),
      code,
    );
    if (replaced !== code) await writeFile(path, replaced);
  }
}
