import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOctis } from './octis.ts';

function withCorpus(content: string, check: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'octis-'));
  try {
    writeFileSync(join(folder, 'corpus.tsv'), content);
    check(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a line is a text: tokens as they are, and whether it is held out; empty texts are left out', () => {
  withCorpus('big  Cat\ttrain\tx\r\ndog\tval\tx\n\n\ttest\ty\nowl\ttest\ty\n', (folder) => {
    assert.deepEqual(
      readOctis(folder).map(({ tokens, heldOut }) => [tokens.join(), heldOut]),
      [
        ['big,Cat', false],
        ['dog', true],
        ['owl', true],
      ],
    );
  });
});

test('a file without a split of both kinds is refused by name, so is a folder without one', () => {
  withCorpus('one text\ttrain\nanother\ttrain\n', (folder) =>
    assert.throws(() => readOctis(folder), /corpus\.tsv: no text outside the split "train"/),
  );
  withCorpus('one text\n', (folder) =>
    assert.throws(() => readOctis(folder), /no text in the split "train"/),
  );
  assert.throws(() => readOctis(join(tmpdir(), 'no-such-folder')), /no-such-folder.corpus\.tsv/);
});
