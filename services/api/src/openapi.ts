import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { http, savedSearches } from '@afk/contracts';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z, type ZodType } from 'zod';
import { PROBLEM_TYPE } from './problem.ts';

const components: Record<string, ZodType> = {
  Headline: http.headline,
  HeadlineList: http.headlineList,
  Trend: http.trend,
  TrendList: http.trendList,
  TrendDetail: http.trendDetail,
  TrendEvent: http.trendEvent,
  TrendHistory: http.trendHistory,
  SearchResult: http.searchResult,
  FoundHeadline: http.foundHeadline,
  Suggestions: http.suggestions,
  SavedSearch: savedSearches.savedSearch,
  SavedSearchList: savedSearches.savedSearchList,
  SavedSearchDetail: savedSearches.savedSearchDetail,
  CreatedSavedSearch: savedSearches.createdSavedSearch,
  Delivery: savedSearches.delivery,
  TestDelivery: savedSearches.testDelivery,
  Feed: http.feed,
  FeedList: http.feedList,
  Batch: http.batch,
  BatchList: http.batchList,
  BatchDetail: http.batchDetail,
  FlowEvent: http.flowEvent,
  DeadLetter: http.deadLetter,
  DeadLetterList: http.deadLetterList,
  Pipeline: http.pipelineView,
  Health: http.health,
  Problem: http.problem,
};
for (const [id, schema] of Object.entries(components)) z.globalRegistry.add(schema, { id });

/** Every component comes twice, as input too, and no route takes one as input. */
const withoutInputs: SwaggerTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document);
  const { schemas = {} } = (whole as { components?: { schemas?: Record<string, unknown> } }).components ?? {};
  for (const id of Object.keys(components)) delete schemas[`${id}Input`];
  return whole;
};

/** The OpenAPI document, made of the routes' own schemas, and a page that shows it. Before the routes. */
export function describe(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'AFK',
        version,
        description:
          'Trends, headlines, search, saved searches and the flow of events of a self-hosted news radar.',
      },
    },
    transform: jsonSchemaTransform,
    transformObject: withoutInputs,
  });
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Its default sends the document's address to a validator on the internet.
    uiConfig: { validatorUrl: null },
  });
}

/** An answer in the OpenAPI document: a schema under its media type, with a sentence. */
export const answer = <T extends ZodType>(description: string, schema: T, type = 'application/json') => ({
  description,
  content: { [type]: { schema } },
});

export const problem = (description: string) => answer(description, http.problem, PROBLEM_TYPE);
/** What any route of the API may answer instead. */
export const problems = {
  400: problem('A parameter is wrong or unknown: `errors` names it'),
  500: problem('A fault of the server'),
  503: problem('The database, Redis or a service is away: see `Retry-After`'),
};
