import type { Logger } from '@afk/bus';

/** A log that collects its lines: level, message and fields as JSON. */
export function recorder(): Logger & { lines: string[] } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
