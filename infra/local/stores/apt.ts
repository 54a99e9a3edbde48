import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findProgram } from './find-program.ts';

/** Whether this is root on Debian or Ubuntu. */
export function canAptInstall(): boolean {
  const debian = existsSync('/etc/debian_version') || /debian|ubuntu/.test(readText('/etc/os-release'));
  return process.getuid?.() === 0 && debian && findProgram('apt-get') !== undefined;
}

/** Installs Debian packages. @returns what apt said, for when they are not there afterwards */
export function aptInstall(...packages: string[]): string {
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
    });
  apt('update');
  const done = apt('install', '-y', '--no-install-recommends', ...packages);
  return (done.stderr || done.stdout || done.error?.message || '').trim();
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
