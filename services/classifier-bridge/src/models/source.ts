import type { LinearModel } from '@afk/classifier';
import { activateShipped, activeVersion, listModels, modelBody, type Pool } from '@afk/database';
import { unpackModel, UnreadableModel } from './pack.ts';
import { shippedExamples } from '../shipped.ts';
import { ensureShipped, measureShipped, type Shipping } from './shipped-row.ts';

/** `name` is stored with every verdict. */
export type CurrentModel = { name: string; model: LinearModel };

export type ModelSource = {
  /** Makes sure that there is a model. @throws Error where the one that is asked for is not there */
  start(signal: AbortSignal): Promise<void>;
  /** The model of this moment. Whoever holds it keeps it to the end of an event. */
  current(): Promise<CurrentModel>;
  /** Finds out how good the shipped model is, where nobody has, once the start is over. */
  measure(signal: AbortSignal): Promise<void>;
  /** What was loaded last. */
  loaded(): CurrentModel | undefined;
};

/** One minute: the first run has the machine to itself. */
const QUIET_MS = 60_000;

/** `CLASSIFIER_MODEL` where no version is pinned. */
export const ACTIVE = 'active';

export type ModelOptions = Omit<Shipping, 'seed'> & {
  /** {@link ACTIVE}, or the version that speaks whatever is active. */
  pin: string;
  /** What the shipped model learns from; default: the headlines of `seed/`. */
  seed?: Shipping['seed'];
  /** From the start to the measuring, ms. */
  quietMs?: number;
};

/** The linear model as its row in PostgreSQL says. */
export class ModelRows implements ModelSource {
  private readonly options: Required<ModelOptions>;
  private held: CurrentModel | undefined;
  private shipped: string | undefined;
  /** An active row that is no model: told once, not at every event. */
  private unreadable: string | undefined;

  constructor(options: ModelOptions) {
    this.options = { seed: shippedExamples(), quietMs: QUIET_MS, ...options };
  }

  async start(signal: AbortSignal): Promise<void> {
    const { db, pin, log } = this.options;
    this.shipped = await ensureShipped(this.options, signal);
    const serving = await activateShipped(db, this.shipped);
    if (pin === ACTIVE) await this.active();
    else await this.load(await known(db, pin));
    if (serving === this.shipped) return;
    const about = { model: serving, shipped: this.shipped };
    log.info(about, 'a person chose the active model: the shipped one waits');
  }

  async current(): Promise<CurrentModel> {
    return this.options.pin !== ACTIVE && this.held ? this.held : this.active();
  }

  async measure(signal: AbortSignal): Promise<void> {
    await measureShipped(this.options, this.options.quietMs, signal);
  }

  loaded(): CurrentModel | undefined {
    return this.held;
  }

  private async active(): Promise<CurrentModel> {
    const name = await activeVersion(this.options.db);
    const { held } = this;
    if (held && (name === undefined || name === held.name || name === this.unreadable)) return held;
    if (name === undefined) throw new Error('no model is active');
    try {
      return await this.load(name);
    } catch (error) {
      if (error instanceof UnreadableModel) return this.inItsStead(name, error);
      throw error;
    }
  }

  private async load(name: string): Promise<CurrentModel> {
    const { db, log } = this.options;
    const body = await modelBody(db, name);
    if (!body) throw new Error(`the model ${name} is not there any more`);
    const started = performance.now();
    const model = await unpackModel(name, body);
    const about = { model: name, before: this.held?.name, ms: Math.round(performance.now() - started) };
    log.info(about, this.held ? 'model swapped' : 'model loaded');
    return (this.held = { name, model });
  }

  /** What is loaded serves on, or else what came with this AFK. */
  private async inItsStead(name: string, error: UnreadableModel): Promise<CurrentModel> {
    const instead = this.held?.name ?? this.shipped;
    if (instead === undefined || instead === name) throw error;
    this.options.log.error({ model: name, instead, error: error.message }, 'the active model cannot be used');
    this.unreadable = name;
    return this.held ?? this.load(instead);
  }
}

/** @throws Error naming those that there are */
async function known(db: Pool, version: string): Promise<string> {
  const versions = (await listModels(db)).map((m) => m.version);
  if (versions.includes(version)) return version;
  throw new Error(
    `CLASSIFIER_MODEL: there is no model "${version}"; there are ${versions.join(', ')} (npm run afk -- models list)`,
  );
}
