import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stdout, secrets left out. */
export function createLogger(service: string, level: string): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', '*.cookie'],
      censor: '[left out]',
    },
  };
  // Written at once: by default, the last lines before an exit may come in the wrong order, or not at all.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
