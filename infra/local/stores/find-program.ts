import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns the path of a program on the PATH, or where package managers put it */
export function findProgram(name: string): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  return folders.map((dir) => join(dir, name)).find((path) => existsSync(path));
}
