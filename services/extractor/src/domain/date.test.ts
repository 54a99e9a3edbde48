import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readDate } from './date.ts';

const dates: [text: string, instant: string][] = [
  ['Fri, 21 Nov 2025 10:00:00 GMT', '2025-11-21T10:00:00.000Z'],
  ['Fri, 21 Nov 2025 10:00:00 +0100', '2025-11-21T09:00:00.000Z'],
  ['Fri, 21 Nov 25 10:00 EST', '2025-11-21T15:00:00.000Z'],
  ['Fri, 21 Nov 2025 10:00:00 CET', '2025-11-21T09:00:00.000Z'],
  ['Fri, 18 Jul 2025 10:00:00 CEST', '2025-07-18T08:00:00.000Z'],
  ['Fri, 18 Jul 2025 10:00:00 BST', '2025-07-18T09:00:00.000Z'],
  ['2025-11-21T10:00:00-05:00', '2025-11-21T15:00:00.000Z'],
  ['2025-11-21T10:00:00.5Z', '2025-11-21T10:00:00.500Z'],
  [' 2025-11-21 ', '2025-11-21T00:00:00.000Z'],
];
for (const [text, instant] of dates) {
  test(`${text} is ${instant}`, () => assert.equal(readDate(text)?.toISOString(), instant));
}

for (const absurd of [
  '',
  'yesterday',
  '0000-00-00 00:00:00',
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Fri, 32 Nov 2025 10:00:00 GMT',
  `2025-11-21${' '.repeat(1e6)}`,
  undefined,
  20251121,
]) {
  test(`${String(absurd).slice(0, 40)} is no date`, () => assert.equal(readDate(absurd), undefined));
}

test('a time without a zone is UTC, wherever this runs', async () => {
  const texts = ['2025-11-21T10:00:00', '2025-11-21 10:00', '21 Nov 2025', '11/21/2025 10:00 PM'];
  const script = `import { readDate } from ${JSON.stringify(new URL('date.ts', import.meta.url))};
    console.log(${JSON.stringify(texts)}.map((t) => readDate(t).toISOString()).join(' '));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { TZ: 'America/New_York' },
  });
  assert.deepEqual(stdout.trim().split(' '), [
    '2025-11-21T10:00:00.000Z',
    '2025-11-21T10:00:00.000Z',
    '2025-11-21T00:00:00.000Z',
    '2025-11-21T22:00:00.000Z',
  ]);
});
