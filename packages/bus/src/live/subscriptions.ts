import type { Redis } from 'ioredis';
import type { Names } from '../redis/names.ts';

type Listener = {
  onMessage(text: string): void;
  /** It is subscribed (again): something may have been missed until now. */
  onSubscribed(): void;
};

/** Plain channels on one subscriber connection, shared by all who listen in this process. */
export class Subscriptions {
  private readonly subscriber: Redis;
  private readonly names: Names;
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(subscriber: Redis, names: Names) {
    this.subscriber = subscriber;
    this.names = names;
    subscriber.on('message', (full: string, text: string) => {
      for (const listener of this.listeners.get(full) ?? []) listener.onMessage(text);
    });
    subscriber.on('ready', () => void this.resubscribe());
  }

  /**
   * @param channel without prefix
   * @returns what ends it, once subscribed
   */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const full = this.names.channel(channel);
    const known = this.listeners.get(full) ?? new Set();
    this.listeners.set(full, known.add(listener));
    await this.subscriber.subscribe(full);
    listener.onSubscribed();
    return () => {
      known.delete(listener);
      if (known.size > 0 || this.listeners.get(full) !== known) return;
      this.listeners.delete(full);
      this.subscriber.unsubscribe(full).catch(() => {});
    };
  }

  /** After a reconnect; that the client does it too is no harm, but it does not say when it is done. */
  private async resubscribe(): Promise<void> {
    if (this.listeners.size === 0) return;
    try {
      await this.subscriber.subscribe(...this.listeners.keys());
    } catch {
      return; // Lost again: the next "ready" comes.
    }
    for (const listeners of this.listeners.values()) for (const l of listeners) l.onSubscribed();
  }
}
