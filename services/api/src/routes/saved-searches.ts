import { savedSearches } from '@afk/contracts';
import {
  changeSavedSearch,
  findSavedSearch,
  listSavedSearches,
  MAX_SAVED_SEARCHES,
  removeSavedSearch,
} from '@afk/database';
import { faultsOf, requestTest, saveSearch, type SavedSearchInput } from '@afk/saved-searches';
import { z } from 'zod';
import type { App, Deps } from '../deps.ts';
import { answer, problem, problems } from '../openapi.ts';
import { fromOwnPage } from '../own-page.ts';
import { ProblemError } from '../problem.ts';
import { nothing, page, uuid } from '../query.ts';

/** Largest body, bytes: a query of 1000 characters and two long names, whatever their script. */
const MAX_BODY = 16 * 1024;

const tags = ['saved searches'];
const params = z.object({ id: z.string() });
const missing = { 404: problem('There is no such saved search') };
const refused = {
  403: problem('It comes from a page of another origin'),
  413: problem('The body is larger than 16 kB'),
  415: problem('The body is not `application/json`'),
};

const list = {
  summary: 'The saved searches, newest first',
  tags,
  querystring: z.strictObject(page(200, 50)),
  response: { 200: answer('A page of them, without secrets', savedSearches.savedSearchList), ...problems },
};
const add = {
  summary: 'Saves a search: each run puts it to its new headlines, and tells the webhook what matches',
  tags,
  querystring: nothing,
  body: savedSearches.newSavedSearch,
  response: {
    201: answer('Saved. The secret is shown here only', savedSearches.createdSavedSearch),
    409: problem(`There are ${MAX_SAVED_SEARCHES} already`),
    ...refused,
    ...problems,
  },
};
const detail = {
  summary: 'A saved search with its last deliveries',
  tags,
  params,
  querystring: nothing,
  response: { 200: answer('The search', savedSearches.savedSearchDetail), ...missing, ...problems },
};
const change = {
  summary: 'Renames a saved search, switches it off or on, or moves its webhook',
  tags,
  params,
  querystring: nothing,
  body: savedSearches.savedSearchChange,
  response: {
    200: answer('As it is now', savedSearches.savedSearchDetail),
    ...missing,
    ...refused,
    ...problems,
  },
};
const remove = {
  summary: 'Removes a saved search with its deliveries; what waits is not sent',
  tags,
  params,
  querystring: nothing,
  response: { 204: z.undefined().describe('Removed'), ...missing, ...refused, ...problems },
};
const tryOut = {
  summary: 'Has a signed test delivered to the webhook, through the bus as any other',
  tags,
  params,
  querystring: nothing,
  response: {
    202: answer('On its way: the search’s deliveries tell what came of it', savedSearches.testDelivery),
    ...missing,
    ...refused,
    ...problems,
  },
};

export function savedSearchRoutes(app: App, deps: Deps): void {
  app.register(async (scope) => {
    // JSON alone: what a form of another site's page can send is none.
    scope.removeContentTypeParser('text/plain');
    const own = scope.withTypeProvider() as App;
    readRoutes(own, deps);
    writeRoutes(own, deps);
  });
}

function readRoutes(app: App, { db }: Deps): void {
  app.get('/api/v1/searches', { schema: list }, async ({ query }) => listSavedSearches(db, query));
  app.get('/api/v1/searches/:id', { schema: detail }, async ({ params: { id } }) => found(db, id));
}

function writeRoutes(app: App, { db, allowPrivateWebhooks: allowPrivate, emitTest }: Deps): void {
  const guarded = { onRequest: fromOwnPage, bodyLimit: MAX_BODY };

  app.post('/api/v1/searches', { schema: add, ...guarded }, async ({ body }, reply) => {
    assertRight(body, allowPrivate);
    const saved = await saveSearch(db, body, new Date());
    if (!saved) {
      throw new ProblemError(409, `There are ${MAX_SAVED_SEARCHES} saved searches, as many as there may be.`);
    }
    const { deliveries: _, ...search } = await found(db, saved.id);
    reply.header('location', `/api/v1/searches/${saved.id}`).header('cache-control', 'no-store');
    return reply.code(201).send({ ...search, secret: saved.secret });
  });

  app.patch('/api/v1/searches/:id', { schema: change, ...guarded }, async ({ params: { id }, body }) => {
    assertRight(body, allowPrivate);
    const { name, active, webhook_url: url } = body;
    const webhookUrl = url === undefined ? undefined : new URL(url).href;
    const known =
      uuid.safeParse(id).success && (await changeSavedSearch(db, id, { name, active, webhookUrl }));
    if (!known) throw noSearch(id);
    return found(db, id);
  });

  app.delete('/api/v1/searches/:id', { schema: remove, ...guarded }, async ({ params: { id } }, reply) => {
    if (!uuid.safeParse(id).success || !(await removeSavedSearch(db, id))) throw noSearch(id);
    return reply.code(204).send();
  });

  app.post('/api/v1/searches/:id/test', { schema: tryOut, ...guarded }, async ({ params: { id } }, reply) => {
    const delivery = uuid.safeParse(id).success ? await requestTest(db, emitTest, id, new Date()) : undefined;
    if (delivery === undefined) throw noSearch(id);
    return reply.code(202).send({ delivery_id: delivery });
  });
}

/** @throws ProblemError 400 naming each field that is wrong in what it means */
function assertRight(input: Partial<SavedSearchInput>, allowPrivate: boolean): void {
  const faults = faultsOf(input, { clock: new Date(), allowPrivate });
  if (faults.length > 0) throw new ProblemError(400, 'The request has fields that are wrong.', faults);
}

async function found(db: Deps['db'], id: string): Promise<savedSearches.SavedSearchDetail> {
  const search = uuid.safeParse(id).success ? await findSavedSearch(db, id) : undefined;
  if (!search) throw noSearch(id);
  return search;
}

const noSearch = (id: string): ProblemError =>
  new ProblemError(404, `There is no saved search ${id.slice(0, 100)}`);
