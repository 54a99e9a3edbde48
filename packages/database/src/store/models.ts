import { transaction, type Pool, type Queryable } from '../pool.ts';

/** What is known of a model's worth. Shares are 0..1; absent until they have been measured. */
export type ModelMetrics = {
  /** Cross-validated on the labelled examples. */
  accuracy?: number;
  macro_f1?: number;
  /** Expected calibration error. */
  ece?: number;
  folds?: number;
  /** Examples a label. */
  labels: Record<string, number>;
  /** Headlines without a label that it also learned from. */
  unlabelled: number;
};

export type NewModel = {
  version: string;
  kind: 'linear';
  /** Fingerprint of what a model that comes with AFK was made from. */
  shippedFrom?: string;
  examples: number;
  metrics: ModelMetrics;
  body: Uint8Array;
};

export type ModelRow = Omit<NewModel, 'body' | 'shippedFrom'> & {
  shippedFrom: string | null;
  createdAt: Date;
  active: boolean;
  pinned: boolean;
  /** Size of the body. */
  bytes: number;
};

const columns = `version, kind, created_at as "createdAt", shipped_from as "shippedFrom", examples, metrics,
                 octet_length(body) as bytes, active, pinned`;

/**
 * Stores a model, not active. A version that is known keeps its body and its metrics, and gets those that it did
 * not have.
 *
 * @returns whether it is new
 */
export async function saveModel(db: Queryable, model: NewModel): Promise<boolean> {
  const { rows } = await db.query<{ added: boolean }>(
    `insert into models (version, kind, shipped_from, examples, metrics, body) values ($1, $2, $3, $4, $5, $6)
     on conflict (version) do update set metrics = excluded.metrics || models.metrics,
            shipped_from = coalesce(excluded.shipped_from, models.shipped_from)
     returning xmax = 0 as added`,
    [
      model.version,
      model.kind,
      model.shippedFrom ?? null,
      model.examples,
      JSON.stringify(model.metrics),
      model.body,
    ],
  );
  return rows[0]!.added;
}

/** Adds to what is known of a model; of one that is gone, nothing. */
export async function addMetrics(
  db: Queryable,
  version: string,
  metrics: Partial<ModelMetrics>,
): Promise<void> {
  await db.query('update models set metrics = metrics || $2 where version = $1', [
    version,
    JSON.stringify(metrics),
  ]);
}

/** All of them, the newest first. */
export async function listModels(db: Queryable): Promise<ModelRow[]> {
  const { rows } = await db.query<ModelRow>(
    `select ${columns} from models order by created_at desc, version`,
  );
  return rows;
}

export async function modelOf(db: Queryable, version: string): Promise<ModelRow | undefined> {
  const { rows } = await db.query<ModelRow>(`select ${columns} from models where version = $1`, [version]);
  return rows[0];
}

/** The model that was made from a seed by this fingerprint. */
export async function shippedModel(db: Queryable, fingerprint: string): Promise<ModelRow | undefined> {
  const { rows } = await db.query<ModelRow>(`select ${columns} from models where shipped_from = $1`, [
    fingerprint,
  ]);
  return rows[0];
}

/** The version that is active: cheap enough to be asked before every event. */
export async function activeVersion(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ version: string }>('select version from models where active');
  return rows[0]?.version;
}

export async function modelBody(db: Queryable, version: string): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ body: Buffer }>('select body from models where version = $1', [version]);
  return rows[0]?.body;
}

/**
 * Makes a model the active one, in place of what was.
 *
 * @param pinned a person chose it: it stays when AFK ships another
 * @returns false where there is no such model: nothing changed
 */
export async function activateModel(
  pool: Pool,
  version: string,
  { pinned }: { pinned: boolean },
): Promise<boolean> {
  return transaction(pool, async (tx) => {
    await lockModels(tx);
    return activate(tx, version, pinned);
  });
}

/** Makes a shipped model the active one, unless a person chose another. @returns the version that is active then */
export async function activateShipped(pool: Pool, version: string): Promise<string | undefined> {
  return transaction(pool, async (tx) => {
    await lockModels(tx);
    const { rows } = await tx.query<{ version: string }>(
      'select version from models where active and (pinned or version = $1)',
      [version],
    );
    if (!rows[0]) await activate(tx, version, false);
    return activeVersion(tx);
  });
}

/** Only one may be active: those who change that take turns until the end of their transactions. */
async function lockModels(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('afk models', 0))`);
}

async function activate(tx: Queryable, version: string, pinned: boolean): Promise<boolean> {
  const { rowCount } = await tx.query('select from models where version = $1 for update', [version]);
  if (rowCount === 0) return false;
  await tx.query('update models set active = false, pinned = false where active and version <> $1', [
    version,
  ]);
  await tx.query('update models set active = true, pinned = $2 where version = $1', [version, pinned]);
  return true;
}

/** Deletes a model that is not active. @returns whether there was one */
export async function deleteModel(db: Queryable, version: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from models where version = $1 and not active', [version]);
  return rowCount === 1;
}

/** Titles to learn from without labels: the newest `limit`; the demo's inventions are none. */
export async function recentTitles(
  db: Queryable,
  limit: number,
): Promise<{ text: string; language: string }[]> {
  const { rows } = await db.query<{ text: string; language: string }>(
    `select title as text, language from headlines where not demo order by published_at desc, id limit $1`,
    [limit],
  );
  return rows;
}
