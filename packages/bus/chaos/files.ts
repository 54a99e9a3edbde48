import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Logger } from '../src/service.ts';

/** Appends lines, each in one write, so that a kill -9 leaves whole lines behind. */
export function appender(path: string): (line: string) => void {
  const fd = openSync(path, 'a');
  return (line) => void writeSync(fd, `${line}\n`);
}

/** @returns the whole lines of a file; none where there is no file */
export function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A log in a file, without what is written for every event. */
export function fileLog(path: string): Logger {
  const append = appender(path);
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      append(`${new Date().toISOString()} ${level} ${message} ${JSON.stringify(fields)}`);
  return {
    debug: () => {},
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isLevelEnabled: (level) => level !== 'debug',
  };
}
