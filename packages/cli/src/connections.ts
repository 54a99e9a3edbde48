import { resolve } from 'node:path';
import { connect, pipelineNames, type Names, type Redis } from '@afk/bus';
import type { Pipeline } from '@afk/contracts';
import { createPool, type Pool } from '@afk/database';
import { readPipeline } from '@afk/runtime';
import type { Settings } from './settings.ts';

/** What commands reach for; opened when first asked for, closed at the end. */
export class Connections {
  readonly settings: Settings;
  private readonly closing: (() => Promise<unknown>)[] = [];
  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** An absolute path, or the URL as it is. */
  locate(pathOrUrl: string): string {
    return /^https?:/.test(pathOrUrl) ? pathOrUrl : resolve(this.settings.cwd, pathOrUrl);
  }

  allowPrivateWebhooks(): boolean {
    return this.settings.allowPrivateWebhooks;
  }

  pipeline(): Pipeline {
    return readPipeline(this.settings.pipelineFile);
  }

  names(): Names {
    return pipelineNames(this.settings.env, this.pipeline());
  }

  async redis(role: 'command' | 'subscriber' = 'command'): Promise<Redis> {
    const redis = await connect(this.settings.redisUrl, role, 'afk');
    this.closing.push(async () => redis.disconnect());
    return redis;
  }

  /** @throws Error that says what to set, where no database is configured */
  db(): Pool {
    const { databaseUrl } = this.settings;
    if (!databaseUrl) throw new Error('no database: start AFK (npm start), or set DATABASE_URL');
    const pool = createPool(databaseUrl, { size: 1, name: 'afk:cli' });
    this.closing.push(() => pool.end());
    return pool;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
  }
}
