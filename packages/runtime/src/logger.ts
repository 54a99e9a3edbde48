import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stdout, secrets left out. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', '*.cookie'],
      censor: '[left out]',
    },
  });
}
