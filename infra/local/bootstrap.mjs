// The two commands of the README begin here, on whatever Node (>= 20) the machine has: install what is
// missing, then hand over to the Node that AFK brings along. No imports but Node's own.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const evaluate = 'packages/evaluation/src/main.ts';
// A file, and the arguments that the name of the script stands for.
const scripts = {
  start: ['infra/local/start.ts'],
  test: ['infra/local/test.ts'],
  'test:compose': ['infra/local/engine/main.ts'],
  afk: ['packages/cli/src/main.ts'],
  'bench:bus': ['packages/bus/bench/main.ts'],
  'bench:topics': ['packages/evaluation/src/bench/main.ts'],
  'bench:search': ['packages/evaluation/src/bench-search/main.ts'],
  chaos: ['packages/bus/chaos/main.ts'],
  eval: ['packages/evaluation/src/all.ts'],
  'eval:stories': [evaluate, 'stories'],
  'eval:lineage': [evaluate, 'lineage'],
  'eval:topics': [evaluate, 'topics'],
  'eval:categories': [evaluate, 'categories'],
  'eval:search': [evaluate, 'search'],
};
const [command = '', ...args] = process.argv.slice(2);
const [script, ...given] = scripts[command] ?? [];
if (script === undefined) fail(`unknown command "${command}": ${Object.keys(scripts).join(', ')}`);
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`AFK needs Node 20 or newer to install itself; this is ${process.version}`);
}

install();
handOver();

/** Runs `npm ci` where the installed packages are not those of the lock file. */
function install() {
  const stamp = join(root, 'node_modules', '.afk-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  // Whoever ran `npm install` by hand has what the lock file says.
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  process.stderr.write('installing packages (once) …\n');
  const started = Date.now();
  const npm = process.env.npm_execpath;
  const [file, before] = npm ? [process.execPath, [npm]] : ['npm', []];
  const done = spawnSync(file, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // npm's own output must not get between a caller and the JSON on stdout.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  if (done.status !== 0) fail('npm ci failed: see above');
  writeFileSync(stamp, lock);
  process.stderr.write(`packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function modified(file) {
  const path = join(root, file);
  return existsSync(path) ? statSync(path).mtimeMs : -1;
}

function handOver() {
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(node)) fail(`${node} is missing: remove node_modules and try again`);
  const child = spawn(node, [join(root, script), ...given, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides when it is done.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
