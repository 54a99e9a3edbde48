import { startFakeApi } from './fake-api.ts';

/** `node src/testing/serve-fake.ts [port]`: the fake API on its own, to look at pages by hand. */
const api = await startFakeApi({ port: Number(process.argv[2] ?? 4100) });
console.log(`fake API on ${api.url}`);
