import { createServer, type AddressInfo } from 'node:net';
import { startReceiver, type Answer, type Receiver } from './receiver.ts';

/** Says yes, and then never stops talking. */
export const endless: Answer = (response) => {
  response.writeHead(200);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const more = (): void => {
    while (!response.destroyed) if (!response.write(chunk)) return;
  };
  response.on('drain', more);
  more();
};
/** Says yes, begins to say more, and never ends. */
export const drip: Answer = (response) => void response.writeHead(200).write('x');
export const cut: Answer = (response) => void response.destroy();
/** Never answers. */
export const silent: Answer = () => {};

/** A host of its own whose every path answers so. */
export async function hostOf(answer: Answer): Promise<Receiver> {
  const host = await startReceiver();
  host.on('/', answer);
  return host;
}

/** A server that does not speak HTTP. */
export async function startNoise(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('\u0000 this is no HTTP\r\n\r\n', () => socket.destroy()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((done) => void server.close(() => done())),
  };
}
