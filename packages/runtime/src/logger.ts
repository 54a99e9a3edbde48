import { correlation } from '@afk/bus';
import { pino, type Logger, type LoggerOptions } from 'pino';

export type { Logger } from 'pino';

/**
 * JSON lines on stdout, secrets left out. A line that is written while an event is handled says which:
 * one correlation id finds all lines of a run, over all services.
 */
export function createLogger(service: string, level: string): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...correlation() }),
    mixinMergeStrategy: (line, about) => ({ ...about, ...line }),
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization', '*.cookie'],
      censor: '[left out]',
    },
  };
  // Written at once: by default, the last lines before an exit may come in the wrong order, or not at all.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
