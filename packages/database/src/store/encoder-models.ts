import type { Queryable } from '../pool.ts';

/** An encoder that was fitted on the headlines. */
export type EncoderModel = { version: string; kind: 'lsa'; createdAt: Date; documents: number };

/** Stores a model; one of the same version is the same. */
export async function saveEncoderModel(
  db: Queryable,
  model: Omit<EncoderModel, 'createdAt'> & { body: Uint8Array },
): Promise<void> {
  await db.query(
    `insert into encoder_models (version, kind, documents, body) values ($1, $2, $3, $4)
     on conflict (version) do update set created_at = now()`,
    [model.version, model.kind, model.documents, model.body],
  );
}

/** The newest model of a kind. */
export async function newestEncoderModel(
  db: Queryable,
  kind: EncoderModel['kind'],
): Promise<EncoderModel | undefined> {
  const { rows } = await db.query<EncoderModel>(
    `select version, kind, created_at as "createdAt", documents from encoder_models
      where kind = $1 order by created_at desc, version limit 1`,
    [kind],
  );
  return rows[0];
}

export async function encoderModelBody(db: Queryable, version: string): Promise<Uint8Array | undefined> {
  const { rows } = await db.query<{ body: Buffer }>('select body from encoder_models where version = $1', [
    version,
  ]);
  return rows[0]?.body;
}

/** Deletes the models that are not among those. */
export async function keepEncoderModels(db: Queryable, versions: readonly string[]): Promise<void> {
  await db.query('delete from encoder_models where version <> all ($1::text[])', [versions]);
}
