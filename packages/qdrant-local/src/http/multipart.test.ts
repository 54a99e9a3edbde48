import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readField } from './multipart.ts';

const TYPE = 'multipart/form-data; charset=utf-8; boundary="-x y"';
const part = (disposition: string, content: string): string =>
  `---x y\r\nContent-Type: text/plain\r\nContent-Disposition: form-data${disposition}\r\n\r\n${content}\r\n`;

async function read(type: string, body: string, chunk = body.length || 1): Promise<string> {
  const bytes = Buffer.from(body);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const parts: Buffer[] = [];
  await readField(type, chunks(), 'snapshot', async (part) => parts.push(Buffer.from(part)));
  return Buffer.concat(parts).toString();
}

test('a field is read whole, however the body is cut and whatever looks like a boundary', async () => {
  const content = 'a\r\n---x\r\n--\r\n---x z\r\n\r\n\r';
  const form = `before\r\n${part('; name="other"', 'no')}${part(
    '; filename="a; name=b\\"; name=c"; name="snapshot"',
    content,
  )}${part('; name=last', '')}---x y--`;
  for (const chunk of [1, 2, 3, 7, 1000]) assert.equal(await read(TYPE, form, chunk), content);
});

test('a form without the field, malformed or cut off is refused', async () => {
  const snapshot = part('; name="snapshot"', 'content');
  const cases: [type: string, body: string, message: RegExp][] = [
    ['multipart/form-data', `${snapshot}---x y--`, /no multipart\/form-data that names its boundary/],
    [TYPE, `${part('; name="x"', '')}---x y--`, /field `snapshot` is required/],
    [TYPE, `${snapshot}${snapshot}---x y--`, /field `snapshot` is there twice/],
    [TYPE, snapshot, /ends before its last boundary/],
    [TYPE, snapshot.slice(0, -8), /ends before its last boundary/],
    [TYPE, '', /ends before its last boundary/],
    [TYPE, `---x y\r\n${'A: b\r\n'.repeat(20_000)}\r\n`, /headers of a part are too long/],
  ];
  for (const [type, body, message] of cases) await assert.rejects(read(type, body), message);
});
