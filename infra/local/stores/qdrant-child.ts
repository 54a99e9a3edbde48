// The vector store of `npm start`: qdrant-local in a process of its own, which ends with its parent.
import { startQdrantLocal } from '@afk/qdrant-local';

const [, , path, port] = process.argv;
const server = await startQdrantLocal({ path: path!, port: Number(port) });
let closing: Promise<void> | undefined;
const stop = (): void => void (closing ??= server.close().then(() => process.exit(0)));
process.on('SIGTERM', stop);
process.on('disconnect', stop);
