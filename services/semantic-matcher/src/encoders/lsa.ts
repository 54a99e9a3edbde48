import {
  countHeadlines,
  encoderModelBody,
  keepEncoderModels,
  newestEncoderModel,
  recentHeadlines,
  saveEncoderModel,
  type Pool,
} from '@afk/database';
import {
  driftOf,
  fitLsaModel,
  lsaEncoder,
  readLsaModel,
  wantsRefit,
  writeLsaModel,
  type DenseEncoder,
  type EncoderDocument,
  type LsaModel,
  type SparseEncoder,
} from '@afk/encoders';
import type { Logger } from '@afk/bus';
import { runStepsAsync } from '@afk/text';
import { asksAlike, tokenOf, type EncoderSource } from './source.ts';

/** Headlines that a model is fitted on at most, the newest. */
const MOST = 50_000;
/** Fewer say too little about which words go together. */
const LEAST = 200;
/** Headlines that tell whether the vocabulary has moved on, the newest. */
const RECENT = 2000;

/** Models in memory: that of the index that answers, that of the one that is being made. */
const LOADED = 2;

type Options = { db: Pool; sparse: SparseEncoder; log: Logger; least?: number };
type Loaded = { model: LsaModel; encoder: DenseEncoder };

/** Latent semantic analysis of the user's own headlines; the models lie in PostgreSQL, so that replicas share them. */
export class LsaSource implements EncoderSource {
  readonly sparse: SparseEncoder;
  private readonly db: Pool;
  private readonly log: Logger;
  private readonly least: number;
  private readonly loaded = new Map<string, Promise<Loaded | undefined>>();

  constructor({ db, sparse, log, least = LEAST }: Options) {
    this.db = db;
    this.sparse = sparse;
    this.log = log;
    this.least = least;
  }

  sparseOf(token: string): SparseEncoder | undefined {
    return asksAlike(this.sparse, token);
  }

  async dense(): Promise<DenseEncoder | undefined> {
    const newest = await newestEncoderModel(this.db, 'lsa');
    return newest && (await this.load(newest.version))?.encoder;
  }

  async denseOf(token: string): Promise<DenseEncoder | undefined> {
    return (await this.load(token))?.encoder;
  }

  async refresh(signal: AbortSignal): Promise<void> {
    const reason = await this.reasonToFit();
    if (reason === undefined) return;
    const started = performance.now();
    const headlines = await recentHeadlines(this.db, MOST);
    // In order of id: the same headlines make the same model, in whatever order they came.
    headlines.sort((a, b) => (a.id < b.id ? -1 : 1));
    const model = await this.fit(headlines, signal);
    if (!model) return;
    const encoder = lsaEncoder(model);
    const body = writeLsaModel(model);
    await saveEncoderModel(this.db, {
      version: tokenOf(encoder),
      kind: 'lsa',
      documents: headlines.length,
      body,
    });
    const seconds = Math.round(performance.now() - started) / 1000;
    const about = {
      version: encoder.version,
      headlines: headlines.length,
      bytes: body.length,
      seconds,
      reason,
    };
    this.log.info(about, 'fitted LSA on the headlines');
  }

  /** Undefined where the headlines have hardly a word in common. */
  private async fit(
    headlines: readonly EncoderDocument[],
    signal: AbortSignal,
  ): Promise<LsaModel | undefined> {
    try {
      return await runStepsAsync(fitLsaModel(headlines), signal);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.log.info({ headlines: headlines.length, reason: error.message }, 'LSA not fitted');
      return undefined;
    }
  }

  async keep(tokens: readonly string[]): Promise<void> {
    const newest = await newestEncoderModel(this.db, 'lsa');
    const kept = [...tokens, ...(newest ? [newest.version] : [])];
    await keepEncoderModels(this.db, kept);
    for (const token of this.loaded.keys()) if (!kept.includes(token)) this.loaded.delete(token);
  }

  /** Why a model is to be fitted now; undefined: the newest still fits the headlines. */
  private async reasonToFit(): Promise<string | undefined> {
    const newest = await newestEncoderModel(this.db, 'lsa');
    const there = Math.min(MOST, await countHeadlines(this.db));
    if (!newest) return there >= this.least ? 'the first' : undefined;
    const loaded = await this.load(newest.version);
    if (!loaded) return 'the newest cannot be read';
    return wantsRefit(loaded.model, driftOf(loaded.model, await recentHeadlines(this.db, RECENT)), there);
  }

  private load(token: string): Promise<Loaded | undefined> {
    const known = this.loaded.get(token);
    if (known) return known;
    const loading = this.read(token);
    this.loaded.set(token, loading);
    for (const old of this.loaded.keys()) if (this.loaded.size > LOADED) this.loaded.delete(old);
    // What is not there, or not to be had now, is looked for again.
    const forget = (): boolean => this.loaded.delete(token);
    loading.then((found) => found ?? forget(), forget);
    return loading;
  }

  private async read(token: string): Promise<Loaded | undefined> {
    const body = await encoderModelBody(this.db, token);
    if (!body) return undefined;
    try {
      const model = readLsaModel(body);
      return { model, encoder: lsaEncoder(model) };
    } catch (error) {
      this.log.warn({ version: token, error: (error as Error).message }, 'an LSA model cannot be read');
      return undefined;
    }
  }
}
