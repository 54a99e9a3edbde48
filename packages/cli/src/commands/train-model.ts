import process from 'node:process';
import { corrected, measure, readLabels, shippedExamples, trainRow } from '@afk/classifier-bridge/training';
import { modelOf, recentTitles, saveModel, type Pool } from '@afk/database';

export type TrainOptions = {
  /** Headlines without a label, at most. */
  sample: string;
  /** Whether to cross-validate it: that takes five more trainings. */
  measure: boolean;
};

/** Beyond this the memory that training takes is no longer that of a small machine. */
const MOST = 50_000;

/**
 * Trains a model on the shipped examples, the corrections and the newest headlines, measures and stores it.
 * What it was trained on names it: the same again is the same row.
 *
 * @returns its version
 */
export async function trainModel(
  db: Pool,
  { sample, measure: wanted, labels }: TrainOptions & { labels: { file: string; text: string } | undefined },
): Promise<string> {
  const limit = Number(sample);
  if (!Number.isInteger(limit) || limit < 0 || limit > MOST || sample.trim() === '') {
    throw new Error(`--sample ${sample}: not a whole number from 0 to ${MOST}`);
  }
  const corrections = labels ? readLabels(labels.text, undefined, labels.file) : [];
  const examples = corrected(shippedExamples(), corrections);
  const unlabelled = await recentTitles(db, limit);
  tell(`learning from ${examples.length} labelled and ${unlabelled.length} other headlines`);
  const row = await trainRow({ examples, unlabelled });
  const known = await modelOf(db, row.version);
  if (wanted && known?.metrics.accuracy === undefined) {
    const figures = await measure({ examples, unlabelled }, (n, of) =>
      tell(`cross-validation ${n} of ${of}`),
    );
    Object.assign(row.metrics, figures);
  }
  await saveModel(db, row);
  return row.version;
}

/** For who waits before a terminal; the answer itself goes to stdout. */
function tell(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}
