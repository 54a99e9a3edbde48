/** How BullMQ is told where Redis is; its workers want `maxRetriesPerRequest: null`. */
export function bullConnection(redisUrl: string) {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}
