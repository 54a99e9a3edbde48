/** Where Qdrant is. */
export type Address = {
  host: string;
  port: number;
  https: boolean;
  prefix: string;
  apiKey?: string | undefined;
};

/** Qdrant's own, with TLS too: that of the web is none of its. */
const PORT = 6333;

/**
 * Reads `QDRANT_URL` once for all clients: a port that is not named is Qdrant's. (A URL object forgets `:80` and `:443`,
 * which somebody may mean.)
 */
export function addressOf(url: string, apiKey?: string): Address {
  const { hostname, protocol, pathname } = new URL(url);
  const [, port] = /^https?:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^/:]*):(\d+)/i.exec(url.trim()) ?? [];
  return {
    host: hostname,
    port: port ? Number(port) : PORT,
    https: protocol === 'https:',
    prefix: pathname.replace(/\/+$/, ''),
    ...(apiKey ? { apiKey } : {}),
  };
}
