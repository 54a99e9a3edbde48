import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { toJSON, train, type Example, type LinearModel } from '@afk/classifier';
import { readSeed } from './domain/seed.ts';

/** The headlines of `seed/`, both languages. @throws Error naming file and line of what is no example */
export function shippedExamples(): Example[] {
  return ['en', 'fr'].flatMap((language) => {
    const file = new URL(`../seed/${language}.tsv`, import.meta.url);
    return readSeed(readFileSync(file, 'utf8'), language, `seed/${language}.tsv`);
  });
}

/** Trains the model that comes with AFK: the same seed gives the same model, bit by bit. */
export function trainShipped(): LinearModel {
  return train(shippedExamples());
}

/**
 * Says, without training, which model the seed gives: another seed, another way to train or another
 * format give another one. The version of a model of two words stands for the last two, for it is made of
 * the trainer's revision and settings.
 */
export function shippedFingerprint(examples: readonly Example[]): string {
  const probe = train([
    { text: 'rain', label: 'weather', language: 'en' },
    { text: 'goal', label: 'sport', language: 'en' },
  ]);
  const keys = examples.map((e) => JSON.stringify([e.label, e.text, e.language ?? ''])).toSorted();
  const made = JSON.stringify([probe.version, toJSON(probe).format, keys]);
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}
