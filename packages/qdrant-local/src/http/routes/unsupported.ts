import { unsupported } from '../../errors.ts';
import type { Method, Route } from '../router.ts';

const POINTS = '/collections/:name/points';

/** Qdrant's other routes, by what they are for: a client that meets one is told so, not that it mistyped. */
const FEATURES: readonly (readonly [feature: string, routes: readonly string[]])[] = [
  [
    'adding and removing named vectors',
    ['PUT /collections/:name/vectors/:vector', 'DELETE /collections/:name/vectors/:vector'],
  ],
  [
    'recommend',
    [`POST ${POINTS}/recommend`, `POST ${POINTS}/recommend/batch`, `POST ${POINTS}/recommend/groups`],
  ],
  ['discover', [`POST ${POINTS}/discover`, `POST ${POINTS}/discover/batch`]],
  ['the distance matrix', [`POST ${POINTS}/search/matrix/pairs`, `POST ${POINTS}/search/matrix/offsets`]],
  ['snapshots of the full storage', ['* /snapshots', '* /snapshots/*']],
  [
    'snapshots of shards',
    ['* /collections/:name/shards/:shard/snapshots', '* /collections/:name/shards/:shard/snapshots/*'],
  ],
  ['shards', ['* /collections/:name/shards', '* /collections/:name/shards/*']],
  ['the cluster API', ['* /cluster', '* /cluster/*', '* /collections/:name/cluster']],
  ['the optimizations report', ['GET /collections/:name/optimizations']],
  ['telemetry', ['GET /telemetry', 'GET /metrics']],
  ['quotas', ['* /quotas']],
  ['the issues API', ['GET /issues', 'DELETE /issues']],
];

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export const unsupportedRoutes: readonly Route[] = FEATURES.flatMap(([feature, routes]) =>
  routes.flatMap((route) => {
    const [method, path] = route.split(' ') as [Method | '*', string];
    const refusing = (): never => {
      throw unsupported(feature);
    };
    return (method === '*' ? METHODS : [method]).map((one): Route => [one, path, refusing]);
  }),
);
