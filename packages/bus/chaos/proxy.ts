import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** `both`: nothing passes either way. `replies`: requests arrive, and nobody hears what came of them. */
export type Hole = 'both' | 'replies';

/**
 * How a black hole ends. `cut`: its connections are reset. `resume`: what was held back arrives. `forget`:
 * its connections stay dark for ever, as behind a router that forgot them; new ones pass.
 */
export type HoleEnd = 'cut' | 'resume' | 'forget';

type Pair = { client: Socket; server: Socket; forgotten: boolean };

/** A TCP proxy that can become a black hole. */
export class Proxy {
  private readonly target: number;
  private readonly server = createServer({ noDelay: true }, (client) => this.accept(client));
  private readonly pairs = new Set<Pair>();
  private hole: Hole | undefined;

  constructor(targetPort: number) {
    this.target = targetPort;
  }

  /** @returns the port it listens on, on loopback */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** Sockets stay, new ones are accepted, and nothing passes. */
  dig(hole: Hole): void {
    this.hole = hole;
    for (const pair of this.pairs) this.set(pair);
  }

  fill(end: HoleEnd): void {
    this.hole = undefined;
    for (const pair of this.pairs) {
      if (pair.forgotten) continue;
      if (end === 'cut') drop(pair);
      else if (end === 'forget') pair.forgotten = true;
      else this.set(pair);
    }
  }

  close(): void {
    this.server.close();
    for (const pair of this.pairs) drop(pair);
  }

  private accept(client: Socket): void {
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const pair = { client, server, forgotten: false };
    this.pairs.add(pair);
    forward(client, server);
    forward(server, client);
    const ended = (): void => {
      this.pairs.delete(pair);
      drop(pair);
    };
    // On a dark connection, not even the end of one side reaches the other: a paused socket tells none.
    for (const socket of [client, server]) socket.on('error', ended).on('close', ended);
    this.set(pair);
  }

  private set({ client, server }: Pair): void {
    if (this.hole) server.pause();
    else server.resume();
    if (this.hole === 'both') client.pause();
    else client.resume();
  }
}

function forward(from: Socket, to: Socket): void {
  from.on('data', (chunk) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}

function drop({ client, server }: Pair): void {
  if (!client.destroyed) client.resetAndDestroy();
  // What could not be sent before must not hold the reset back.
  client.destroy();
  server.destroy();
}
