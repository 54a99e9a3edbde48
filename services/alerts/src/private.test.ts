import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { findSavedSearch } from '@afk/database';
import { bench, until } from './testing/bench.ts';
import { startReceiver } from './testing/receiver.ts';

describe('private addresses', async () => {
  const b = await bench({ allowPrivate: false });
  const web = await startReceiver();
  after(async () => {
    await b.close();
    await web.close();
  });

  test('are refused, by number or by name, in words that name the setting; nothing is sent', async () => {
    const urls = [web.url('/'), `http://localhost:${web.port}/`, `http://[::ffff:127.0.0.1]:${web.port}/`];
    const ids: string[] = [];
    for (const url of urls) ids.push((await b.save({ webhook_url: url })).id);
    await b.store(['Rain']);
    await b.indexed();
    for (const id of ids) {
      await until(
        'its end',
        async () => (await findSavedSearch(b.db, id))?.deliveries[0]?.state === 'failed',
      );
      const { last_error } = (await findSavedSearch(b.db, id))!;
      assert.match(
        last_error!.message,
        /loopback address: refused \(AFK_ALLOW_PRIVATE_WEBHOOKS=1 allows it\)/,
      );
    }
    assert.equal(web.received().length, 0);
    assert.equal((await b.dead()).length, urls.length);
  });
});
