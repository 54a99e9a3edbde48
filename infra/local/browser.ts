import { findProgram } from './stores/find-program.ts';
import { aptInstall, canAptInstall } from './stores/apt.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium for the browser test, if the machine has one. */
export function findBrowser(): string | undefined {
  return process.env['CHROMIUM_PATH'] || names.map(findProgram).find(Boolean);
}

/** As root on Debian or Ubuntu: installs Debian's. @returns its path, or undefined where that cannot be */
export function installBrowser(say: (line: string) => void): string | undefined {
  if (!canAptInstall()) return undefined;
  say('installing chromium with apt (once) …');
  aptInstall('chromium');
  return findBrowser();
}
