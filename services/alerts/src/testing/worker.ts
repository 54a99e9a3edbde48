import process from 'node:process';
import { defineService } from '@afk/bus';
import { createPool } from '@afk/database';
import { recorder } from '@afk/local/testing';
import { buildApp } from '../app.ts';
import { createSender } from '../webhook/send.ts';
import { RETRY, testPipeline } from './bench.ts';

/** The service as a process of its own, to be killed; its leases are short, so that another soon takes over. */
const [redisUrl, env, databaseUrl] = process.argv.slice(2) as [string, string, string];
const log = recorder();
const service = defineService('alerts', { pipeline: testPipeline(), redisUrl, env, log, leaseMs: 600 });
const db = createPool(databaseUrl, { size: 2, name: 'worker' });
const sender = createSender({ allowPrivate: true });
await buildApp(service, { db, sender, retry: RETRY, publicUrl: 'https://news.example', log }).start();
process.send!('ready');
