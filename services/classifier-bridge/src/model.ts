import { readFileSync } from 'node:fs';
import { train, type LinearModel } from '@afk/classifier';
import { readSeed } from './domain/seed.ts';

/** Trains the default model on the headlines of `seed/`: the same files give the same model. */
export function trainOnSeed(): { name: string; model: LinearModel } {
  const examples = ['en', 'fr'].flatMap((language) => {
    const file = new URL(`../seed/${language}.tsv`, import.meta.url);
    return readSeed(readFileSync(file, 'utf8'), language, `seed/${language}.tsv`);
  });
  const model = train(examples);
  return { name: `linear-${model.version}`, model };
}
