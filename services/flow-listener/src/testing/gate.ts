import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be closed, as if the server were away, and opened again. */
export async function gate(url: string) {
  const target = new URL(url);
  const open = new Set<Socket>();
  let shut = false;
  const server = createServer((inner) => {
    if (shut) return void inner.destroy();
    const outer = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const shutDown = (): void => {
    shut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href,
    shut: shutDown,
    open: () => void (shut = false),
    async close(): Promise<void> {
      shutDown();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
