import type { Redis } from 'ioredis';
import type { Pipeline } from '@afk/contracts';
import type { Sealed } from '../envelope.ts';
import type { Logger } from '../service.ts';
import type { BareOptions, DeadLetter, JoinOptions, Member, Transport } from '../transport.ts';
import { listenForBare } from './adopt.ts';
import { Subscriptions } from '../live/subscriptions.ts';
import { connect, hurry, type Role } from './connection.ts';
import { dropDead, listDead, replayDead } from './dead-letters.ts';
import { RedisEmitter } from './emitter.ts';
import { RedisMember } from './member.ts';
import type { Names } from './names.ts';
import { Trimmer, type TrimOptions } from './trim.ts';

export type RedisTransportOptions = Pick<TrimOptions, 'retentionMs' | 'keep' | 'alarmAbove'> & {
  redisUrl: string;
  names: Names;
  pipeline: Pipeline;
  log: Logger;
  /** Names the connections in `CLIENT LIST`. */
  label: string;
};

/** Events over Redis Streams and pub/sub. */
export class RedisTransport implements Transport {
  readonly command: Redis;
  readonly subscriber: Redis;
  readonly subscriptions: Subscriptions;
  private readonly options: RedisTransportOptions;
  private readonly emitter: RedisEmitter;
  private readonly opened: Redis[];
  private trimmer: Trimmer | undefined;

  private constructor(options: RedisTransportOptions, command: Redis, subscriber: Redis) {
    this.options = options;
    this.command = command;
    this.subscriber = subscriber;
    this.subscriptions = new Subscriptions(subscriber, options.names);
    this.opened = [command, subscriber];
    this.emitter = new RedisEmitter(command, options.names);
  }

  /** @throws Error where Redis cannot be reached, naming its address */
  static async open(options: RedisTransportOptions): Promise<RedisTransport> {
    const command = await openConnection(options, 'command');
    try {
      return new RedisTransport(options, command, await openConnection(options, 'subscriber'));
    } catch (error) {
      command.disconnect();
      throw error;
    }
  }

  /** A connection for blocking reads; closed with the others. */
  async openBlocking(): Promise<Redis> {
    const redis = await openConnection(this.options, 'blocking');
    this.opened.push(redis);
    return redis;
  }

  async emit(emitter: string, events: readonly Sealed[]): Promise<number> {
    const fresh = await this.emitter.emit(emitter, events);
    this.trimmer?.count(fresh);
    return fresh;
  }

  async join(options: JoinOptions): Promise<Member> {
    const { names } = this.options;
    const trimmer = (this.trimmer ??= new Trimmer({ ...this.options, redis: this.command }));
    const onFinished = (events: number): void => trimmer.count(events);
    const blocking = await this.openBlocking();
    const member = new RedisMember(this.command, blocking, names, { ...options, onFinished });
    await member.join();
    return member;
  }

  adoptBare(options: BareOptions): Promise<() => Promise<void>> {
    const { names } = this.options;
    return listenForBare({ ...options, redis: this.command, subscriptions: this.subscriptions, names });
  }

  deadLetters(services: readonly string[], limit?: number): Promise<DeadLetter[]> {
    return listDead(this.command, this.options.names, services, limit);
  }

  replay(service: string, id: string): Promise<boolean> {
    return replayDead(this.command, this.options.names, service, id);
  }

  drop(service: string, id: string): Promise<boolean> {
    return dropDead(this.command, this.options.names, service, id);
  }

  async healthy(): Promise<boolean> {
    return (await this.command.ping().catch(() => '')) === 'PONG';
  }

  /** From now on nothing waits long for a Redis that does not answer; before what ends with it is closed. */
  hurry(): void {
    hurry(this.command);
  }

  async close(): Promise<void> {
    await this.trimmer?.close();
    for (const redis of this.opened) redis.disconnect();
  }
}

function openConnection({ redisUrl, label, log }: RedisTransportOptions, role: Role): Promise<Redis> {
  return connect(redisUrl, role, label, (error) => log.warn({ error: error.message }, 'redis connection'));
}
