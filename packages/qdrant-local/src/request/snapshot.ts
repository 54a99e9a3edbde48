import { formatError, queryStringError, validationError } from '../errors.ts';
import { optional, readObject, readString } from './read.ts';

/** Whence a collection is to be recovered. */
export interface SnapshotSource {
  location: URL;
  checksum: string | undefined;
  apiKey: string | undefined;
}

/** They say which of several replicas is right; here there is one. */
const PRIORITIES = ['no_sync', 'snapshot', 'replica'];

function checkPriority(value: string, wrong: (problem: string) => Error): void {
  if (PRIORITIES.includes(value)) return;
  const known = PRIORITIES.map((name) => `\`${name}\``).join(', ');
  throw wrong(`unknown variant \`${value}\`, expected one of ${known}`);
}

function readChecksum(value: string, where: string): string {
  if (/^[0-9a-f]{64}$/i.test(value)) return value;
  throw validationError(
    where,
    `checksum: value "${value}" invalid, must be 64 hexadecimal digits of SHA-256`,
  );
}

function readLocation(value: unknown): URL {
  const text = readString(value, 'location');
  if (!URL.canParse(text)) throw formatError(`location: invalid value: string "${text}", expected a URL`);
  return new URL(text);
}

/** The body of a recovery. */
export function readSnapshotSource(body: unknown): SnapshotSource {
  const fields = readObject(body, 'body');
  const text = (name: string): string | undefined => optional(fields[name], name, readString);
  const location = readLocation(fields['location']);
  const [priority, checksum] = [text('priority'), text('checksum')];
  if (priority !== undefined) checkPriority(priority, formatError);
  return {
    location,
    checksum: checksum === undefined ? undefined : readChecksum(checksum, 'JSON body'),
    apiKey: text('api_key'),
  };
}

/** The checksum that an upload's query names; its priority is checked. */
export function readUploadQuery(query: Record<string, string>): string | undefined {
  const { priority, checksum } = query;
  if (priority !== undefined) checkPriority(priority, queryStringError);
  return checksum === undefined ? undefined : readChecksum(checksum, 'query parameters');
}
