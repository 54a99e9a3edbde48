import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readSnapshotSource, readUploadQuery } from '../../request/snapshot.ts';
import type { Snapshots } from '../../snapshots/snapshots.ts';
import { readField } from '../multipart.ts';
import { checkTimeout, collectionName, readWait } from '../params.ts';
import type { Call } from '../params.ts';
import { ACCEPTED, accepted, elapsed } from '../router.ts';
import type { Route } from '../router.ts';

const PATH = '/collections/:name/snapshots';

const callOf = ({ params, query, body }: FastifyRequest): Call => ({
  params: params as Call['params'],
  query: query as Call['query'],
  body,
});

export const snapshotRoutes = (snapshots: Snapshots): Route[] => {
  /** The outcome, or at `wait=false` that there will be one. */
  const outcome = (call: Call, what: string, begin: () => Promise<unknown>): unknown => {
    const wait = readWait(call, true);
    const work = begin();
    if (wait) return work;
    snapshots.inBackground(what, work);
    return ACCEPTED;
  };
  return [
    ['GET', PATH, (call) => snapshots.list(collectionName(call))],
    [
      'POST',
      PATH,
      (call) => {
        const name = collectionName(call);
        return outcome(call, `snapshot of ${name}`, () => snapshots.create(name));
      },
    ],
    [
      'DELETE',
      `${PATH}/:snapshot`,
      (call) => {
        const [name, snapshot = ''] = [collectionName(call), call.params['snapshot']];
        return outcome(call, `deletion of ${snapshot}`, () => snapshots.remove(name, snapshot));
      },
    ],
    [
      'PUT',
      `${PATH}/recover`,
      (call) => {
        const name = collectionName(call, true);
        const source = readSnapshotSource(call.body);
        return outcome(call, `recovery of ${name}`, () => snapshots.recover(name, source));
      },
    ],
  ];
};

async function sendFile(
  snapshots: Snapshots,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const call = callOf(request);
  const { snapshot = '' } = call.params;
  const { bytes, size } = await snapshots.read(collectionName(call), snapshot);
  return reply
    .type('application/octet-stream')
    .header('content-length', size)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(snapshot)}`)
    .send(bytes);
}

/** The form's file, written as it comes: no part of the body is held in memory. */
async function receive(request: FastifyRequest, path: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    const type = request.headers['content-type'] ?? '';
    await readField(type, request.body as Readable, 'snapshot', (bytes) => handle.appendFile(bytes));
  } finally {
    await handle.close();
  }
}

async function takeUpload(
  snapshots: Snapshots,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const call = callOf(request);
  checkTimeout(call);
  const name = collectionName(call, true);
  const checksum = readUploadQuery(call.query);
  const wait = readWait(call, true);
  const received = Promise.withResolvers<void>();
  const recovered = snapshots.upload(name, checksum, (path) => receive(request, path).then(received.resolve));
  if (wait) return { result: await recovered, status: 'ok', time: elapsed(request) };
  snapshots.inBackground(`recovery of ${name}`, recovered);
  // Whichever comes first: an upload that failed is never received.
  await Promise.race([received.promise, recovered]);
  return accepted(request, reply);
}

/** The two routes whose answer or body is a file, and so goes past the envelope and the limit of bodies. */
export function addSnapshotFiles(app: FastifyInstance, snapshots: Snapshots): void {
  app.get(`${PATH}/:snapshot`, (request, reply) => sendFile(snapshots, request, reply));
  app.register((scope, _options, done) => {
    scope.addContentTypeParser('multipart/form-data', (_request, body, parsed) => parsed(null, body));
    scope.post(`${PATH}/upload`, (request, reply) => takeUpload(snapshots, request, reply));
    done();
  });
}
