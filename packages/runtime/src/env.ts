import { z, type ZodType } from 'zod';

/** Settings that do not fit. One message names every variable that is wrong. */
export class EnvError extends Error {
  constructor(service: string, problems: readonly string[]) {
    super(
      `${service} cannot start, its environment is wrong:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'EnvError';
  }
}

/** What every service of the pipeline is told. */
export const commonEnv = z.object({
  /** Prefix of all channels and keys: `staging` gives `staging-extractor`. Empty for none. */
  ENV: z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/, 'letters, digits, "-" and "_" only')
    .default(''),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'a URL redis://host:port')
    .default('redis://127.0.0.1:6379'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  PIPELINE_FILE: z.string().default('pipeline.json'),
  /** Where /health and /metrics are served; 0 takes any free port. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

/** The setting of a service that keeps something in PostgreSQL. */
export const databaseEnv = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'a URL postgres://user:password@host:port/database'),
  DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(4),
});

/**
 * Reads the environment once. `X_FILE` stands for `X` where a secret is mounted as a file.
 * Empty values count as absent.
 *
 * @throws EnvError naming every variable that is wrong
 */
export function parseEnv<T>(
  service: string,
  schema: ZodType<T>,
  source: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): T {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined || value === '') continue;
    const secret = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : undefined;
    // Other programs' X_FILE variables are none of ours.
    if (!secret || !known(schema, secret)) {
      values[name] ??= value;
      continue;
    }
    try {
      values[secret] = readFile(value).trim();
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) problems.push(...parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`));
  if (problems.length > 0 || !parsed.success) throw new EnvError(service, problems);
  return parsed.data;
}

function known(schema: ZodType, name: string): boolean {
  const { shape } = schema as { shape?: Record<string, unknown> };
  return shape !== undefined && name in shape;
}
