/** Method, path under /collections, body, status, and what the message holds. */
export type Case = [method: string, path: string, body: unknown, status: number, message: RegExp];

export const point = (vector: unknown, id: unknown = 1): object => ({ points: [{ id, vector }] });
export const must = (condition: object): object => ({ filter: { must: [condition] } });

/** Of orders, facets, groups and the search routes, over the collection `c` of one dense vector. */
export const ORDER_CASES: Case[] = [
  [
    'POST',
    '/c/points/scroll',
    { order_by: 'f' },
    400,
    /^Wrong input: No range index for `order_by` key: `f`/,
  ],
  ['POST', '/c/points/query', { query: { order_by: 'f' } }, 400, /No range index for `order_by` key: `f`/],
  ['POST', '/c/points/scroll', { order_by: { key: 'f', direction: 'up' } }, 400, /unknown variant `up`/],
  ['POST', '/c/points/scroll', { order_by: { key: 'f', start_from: 'now' } }, 400, /enum StartFrom/],
  ['POST', '/c/points/scroll', { order_by: 'f', offset: 1 }, 400, /^Wrong input: Cannot use an `offset`/],
  [
    'POST',
    '/c/points/query',
    { query: { order_by: 'f' }, score_threshold: 1 },
    400,
    /^Bad request: Can't use score_threshold with an order_by query\.$/,
  ],
  ['POST', '/c/points/query', { query: { sample: 'best' } }, 400, /unknown variant `best`/],
  ['POST', '/c/points/query', { query: { fusion: 'sum' }, prefetch: [{}] }, 400, /unknown variant `sum`/],
  ['POST', '/c/facet', { key: 'f' }, 400, /^Wrong input: No appropriate index for faceting: `f`/],
  ['POST', '/c/facet', { key: 'f', limit: 0 }, 422, /limit: value 0 invalid, must be 1 or larger/],
  ['POST', '/c/facet', {}, 400, /missing field `key`/],
  ['POST', '/c/points/query/groups', { query: [1, 2] }, 400, /missing field `group_by`/],
  [
    'POST',
    '/c/points/query/groups',
    { query: [1, 2], group_by: 'a', group_size: 0 },
    422,
    /group_size: value 0 invalid, must be 1 or larger/,
  ],
  [
    'POST',
    '/c/points/query/groups',
    { query: [1, 2], group_by: 'a', with_lookup: 'none' },
    404,
    /^Not found: Collection none not found$/,
  ],
  ['POST', '/c/points/search', { vector: [1, 2] }, 400, /missing field `limit`/],
  ['POST', '/c/points/search', { vector: 7, limit: 1 }, 400, /vector: invalid type: number `7`/],
  ['POST', '/c/points/search', { vector: [1, 2], limit: 0 }, 422, /limit: value 0 invalid/],
];

/** Of changes of points and of the collection, and of the conditions of filters. */
export const OPERATION_CASES: Case[] = [
  ['PUT', '/c/points/vectors', { points: [] }, 422, /points: value \[\] invalid/],
  [
    'PUT',
    '/c/points/vectors',
    point({}),
    422,
    /^Validation error in JSON body: \[points\[0\]\.vector: must specify vectors to update for point\]$/,
  ],
  ['PUT', '/c/points/vectors', point([1, 2], 9), 404, /^Not found: No point with id 9 found$/],
  ['PUT', '/c/points/vectors', point([1], 9), 400, /Vector dimension error: expected dim: 2, got 1/],
  ['POST', '/c/points/vectors/delete', { points: [1], vector: [] }, 422, /vector: value \[\] invalid/],
  [
    'POST',
    '/c/points/vectors/delete',
    { points: [], vector: ['x'] },
    400,
    /Not existing vector name error: x/,
  ],
  ['POST', '/c/points/batch', {}, 400, /missing field `operations`/],
  [
    'POST',
    '/c/points/batch',
    { operations: [{ explode: {} }] },
    400,
    /operations\[0\].*enum UpdateOperation/,
  ],
  ['PUT', '/c/points', { points: [], update_mode: 'never' }, 400, /unknown variant `never`/],
  ['POST', '/c/points/scroll', must({ key: 'a' }), 422, /At least one field condition must be specified/],
  ['POST', '/c/points/scroll', must({ key: 'a', values_count: { gt: 'x' } }), 400, /an unsigned integer/],
  ['POST', '/c/points/scroll', must({ nested: { key: 'a' } }), 400, /missing field `filter`/],
  [
    'POST',
    '/c/points/scroll',
    { filter: { min_should: { conditions: [] } } },
    400,
    /missing field `min_count`/,
  ],
  ['PATCH', '/none', {}, 404, /Collection `none` doesn't exist!/],
  ['PATCH', '/c', { vectors: { x: {} } }, 400, /^Wrong input: Not existing vector name error: x$/],
  ['PATCH', '/c', { hnsw_config: { ef_construct: 1 } }, 422, /hnsw_config.ef_construct: value 1 invalid/],
  [
    'PUT',
    '/c/index',
    { field_name: 'f', field_schema: { type: 'integer', lookup: false, range: false } },
    422,
    /can't be both disabled/,
  ],
];
