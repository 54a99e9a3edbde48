import { QdrantError } from '../errors.ts';

/** What the headers of one part may take. */
const MAX_HEADER_BYTES = 16 * 1024;
const LINE = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');

const malformed = (problem: string): QdrantError => new QdrantError(400, `Multipart error: ${problem}`);

/** The parameter of a `multipart/form-data` content type. */
function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed('the body is no multipart/form-data that names its boundary');
  return boundary;
}

/** The form field that a part's headers name. */
function fieldOf(headers: string): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? '';
  for (const [, name, quoted, plain] of disposition.matchAll(
    /;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g,
  )) {
    if (name?.toLowerCase() === 'name') return quoted ?? plain;
  }
  return undefined;
}

/** Bytes up to a delimiter, however the stream is cut into chunks. */
class Scanner {
  readonly #chunks: AsyncIterator<Buffer>;
  #buffer: Buffer;

  constructor(chunks: AsyncIterable<Buffer>, before: Buffer) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#buffer = before;
  }

  /** What comes before the delimiter, which is taken too. Throws where the stream ends without it. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(delimiter);
      // A delimiter may have come in part.
      const safe = at === -1 ? this.#buffer.length - delimiter.length + 1 : at;
      if (safe > 0) yield this.#buffer.subarray(0, safe);
      if (at !== -1) {
        this.#buffer = this.#buffer.subarray(at + delimiter.length);
        return;
      }
      if (safe > 0) this.#buffer = this.#buffer.subarray(safe);
      await this.#more();
    }
  }

  /** All that comes before the delimiter, at most as much as headers may take. */
  async text(delimiter: Buffer): Promise<string> {
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of this.until(delimiter)) {
      length += part.length;
      if (length > MAX_HEADER_BYTES) throw malformed('headers of a part are too long');
      parts.push(part);
    }
    return Buffer.concat(parts).toString();
  }

  async take(length: number): Promise<Buffer> {
    while (this.#buffer.length < length) await this.#more();
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done) throw malformed('the body ends before its last boundary');
    this.#buffer = Buffer.concat([this.#buffer, value]);
  }
}

/**
 * Gives the content of one field of a form (RFC 7578) to `write`, chunk by chunk; other fields are passed over.
 * Throws a 400 where the form is malformed, cut off or without the field.
 */
export async function readField(
  contentType: string,
  body: AsyncIterable<Buffer>,
  field: string,
  write: (bytes: Buffer) => Promise<unknown>,
): Promise<void> {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  // The first boundary may be the very beginning, with no line before it.
  const scanner = new Scanner(body, LINE);
  for await (const _preamble of scanner.until(delimiter));
  let found = false;
  // Two hyphens after the last boundary, at the others the end of the line.
  while ((await scanner.take(2)).toString() !== '--') {
    const wanted = fieldOf(await scanner.text(BLANK_LINE)) === field;
    if (wanted && found) throw malformed(`field \`${field}\` is there twice`);
    for await (const bytes of scanner.until(delimiter)) if (wanted) await write(bytes);
    found ||= wanted;
  }
  if (!found) throw malformed(`field \`${field}\` is required`);
}
