import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { freshDatabase } from '@afk/local/testing';
import { createPool, transaction, type Queryable } from './index.ts';

describe('pool and transaction', async () => {
  const { pool, url, drop } = await freshDatabase();
  after(drop);
  await pool.query('create table notes (text text)');
  const notes = async (): Promise<string[]> =>
    (await pool.query<{ text: string }>('select text from notes order by text')).rows.map((r) => r.text);
  const note = (db: Queryable, text: string) => db.query('insert into notes values ($1)', [text]);
  /** What the server does to a connection when it is restarted. */
  const terminate = (pid: number) => pool.query('select pg_terminate_backend($1)', [pid]);
  const pidOf = async (db: Queryable): Promise<number> =>
    (await db.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;

  test('all of it, with what the work returns', async () => {
    const result = await transaction(pool, async (db) => {
      await note(db, 'a');
      assert.deepEqual(await notes(), [], 'nobody sees half of it');
      await note(db, 'b');
      return 'done';
    });
    assert.equal(result, 'done');
    assert.deepEqual(await notes(), ['a', 'b']);
  });

  test('or none: the error of the work comes through, and its connection is fit for the next', async () => {
    const own = createPool(url, { size: 1 });
    const failing = [
      async (db: Queryable) => {
        await note(db, 'c');
        throw new Error('changed my mind');
      },
      async (db: Queryable) => {
        await note(db, 'd');
        await db.query('select 1 / 0');
      },
    ];
    await assert.rejects(transaction(own, failing[0]!), /changed my mind/);
    await assert.rejects(transaction(own, failing[1]!), /division by zero/);
    await transaction(own, (db) => note(db, 'e'));
    await own.end();
    assert.deepEqual(await notes(), ['a', 'b', 'e']);
  });

  test('a connection lost within a transaction is an error of that transaction alone', async () => {
    const own = createPool(url, { size: 1 });
    const lost = transaction(own, async (db) => {
      await note(db, 'f');
      await terminate(await pidOf(db));
      // The loss is heard while no query is under way.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await note(db, 'g');
    });
    await assert.rejects(lost);
    await transaction(own, (db) => note(db, 'h'));
    await own.end();
    assert.deepEqual(await notes(), ['a', 'b', 'e', 'h']);
  });

  test('a connection lost while idle is told and replaced', async () => {
    const errors: Error[] = [];
    const own = createPool(url, { size: 1, name: 'afk:test', onError: (e) => errors.push(e) });
    const { rows } = await own.query<{ name: string }>(`select current_setting('application_name') as name`);
    assert.equal(rows[0]!.name, 'afk:test');
    await terminate(await pidOf(own));
    while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await own.query('select 1');
    await own.end();
    assert.match(errors[0]!.message, /terminat/);
  });

  test('times are instants: they come back as they went', async () => {
    const at = new Date('2026-10-25T00:30:00.123Z');
    const { rows } = await pool.query<{ at: Date }>('select $1::timestamptz as at', [at]);
    assert.deepEqual(rows[0]!.at, at);
  });
});
