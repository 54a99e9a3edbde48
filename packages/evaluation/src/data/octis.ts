import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type OctisDoc = { id: string; tokens: readonly string[]; heldOut: boolean };

/**
 * A corpus of OCTIS (Terragni et al. 2021): `corpus.tsv`, a line a text: tokens, then the split. Held out is what is not in the
 * split `train`. Throws on a folder without one, and where the file has no split of both kinds.
 */
export function readOctis(folder: string): OctisDoc[] {
  const file = join(folder, 'corpus.tsv');
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const docs = lines.flatMap((line, i) => {
    const [text = '', split = ''] = line.split('\t');
    const tokens = text.split(' ').filter((token) => token !== '');
    // Ids that sort as the file does.
    const id = String(i).padStart(9, '0');
    return tokens.length === 0 ? [] : [{ id, tokens, heldOut: split.trim() !== 'train' }];
  });
  for (const heldOut of [true, false]) {
    if (!docs.some((doc) => doc.heldOut === heldOut))
      throw new Error(`${file}: no text ${heldOut ? 'outside' : 'in'} the split "train" (second column)`);
  }
  return docs;
}

export const tokensOf = ({ tokens }: OctisDoc): readonly string[] => tokens;
