import { createServer } from 'node:net';

/**
 * Below those that Linux gives to outgoing connections (32768 and up): one of these stays free until its
 * owner listens, and while its owner is down. Above the ports that browsers refuse.
 */
const [FIRST, LAST] = [10_100, 32_700];
const TRIES = 100;

/** A port of loopback that is free now, the first of `inARow` such. @throws Error where none is found */
export async function freePort(inARow = 1): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    // Test files run side by side: each begins somewhere else.
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST - inARow));
    const free = await Promise.all(Array.from({ length: inARow }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no ${inARow} free ports in a row between ${FIRST} and ${LAST}`);
}

/** Whether nobody listens there on loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
