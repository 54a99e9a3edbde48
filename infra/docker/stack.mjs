// docker compose config --format json | node infra/docker/stack.mjs > stack.json
// docker stack deploy -c stack.json afk
//
// compose.yml for a Swarm: what `docker stack deploy` names otherwise is renamed, what it has not is left out.
// What is left out for a reason:
//   - ports that are not the page's and the API's: a Swarm publishes on every machine, whatever the address
//   - files beside compose.yml in the services, for they are in the images: only the stores, which stay on
//     one machine, are given theirs
//   - what has a profile: tools, Prometheus and Grafana, the command line
//   - the clock: it starts its jobs inside of a container that it knows by name, and a Swarm gives names of its own
// The order of the start: who comes before a store ends, and is started again.
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { services, networks, volumes } = JSON.parse(Buffer.concat(chunks).toString());

// A Swarm opens its ports to everybody: what compose.yml has for a try on loopback will not do.
const DEFAULT = 'afk-local';
const weak = Object.entries({ ...services.redis?.environment, ...services.migrate?.environment })
  .filter(([, value]) => value === DEFAULT)
  .map(([name]) => name)
  .filter((name) => name !== 'REDISCLI_AUTH');
if (weak.length > 0) {
  process.stderr.write(
    `a Swarm is open to other machines: give these a line in .env first: ${weak.join(', ')}\n`,
  );
  process.exit(78);
}

const OPEN = ['api', 'front'];
const STORES = ['redis', 'postgres', 'qdrant'];
const KEEP = [
  'image',
  'command',
  'entrypoint',
  'environment',
  'healthcheck',
  'user',
  'init',
  'read_only',
  'cap_drop',
];
const KEEP_TOO = ['cap_add', 'stop_signal', 'stop_grace_period', 'logging', 'extra_hosts'];

const only = (object, names) =>
  Object.fromEntries(
    names.filter((n) => object[n] !== undefined && object[n] !== null).map((n) => [n, object[n]]),
  );

/** A volume is on the machine where it was made, and so is whoever uses it. */
function placement(mounts) {
  return mounts.length > 0 ? { constraints: ['node.role == manager'] } : undefined;
}

function service(name, given) {
  const mounts = (given.volumes ?? [])
    .filter((v) => v.type === 'volume' || STORES.includes(name))
    .map((v) => only(v, ['type', 'source', 'target', 'read_only']));
  // Of compose's short form `docker stack deploy` makes nothing, and says so nowhere.
  const scratch = [given.tmpfs ?? []].flat().map((target) => ({ type: 'tmpfs', target }));
  const once = given.restart === 'no';
  const ports = OPEN.includes(name)
    ? (given.ports ?? []).map((p) => ({ target: p.target, published: Number(p.published), mode: 'host' }))
    : undefined;
  return {
    ...only(given, [...KEEP, ...KEEP_TOO]),
    networks: Object.keys(given.networks ?? {}),
    volumes: [...mounts, ...scratch],
    ...(ports ? { ports } : {}),
    deploy: {
      // By a container's own address: a Swarm's virtual one forgets a connection that is idle for 15 minutes.
      endpoint_mode: 'dnsrr',
      replicas: given.deploy?.replicas ?? 1,
      restart_policy: { condition: once ? 'on-failure' : 'any', delay: '5s' },
      resources: {
        limits: { memory: String(given.mem_limit), ...(given.pids_limit ? { pids: given.pids_limit } : {}) },
      },
      placement: placement(mounts),
    },
  };
}

const wanted = Object.entries(services).filter(
  ([name, s]) => !s.profiles?.length && name !== 'scheduler' && name !== 'first-run',
);
const used = new Set(wanted.flatMap(([, s]) => (s.volumes ?? []).map((v) => v.source)));
const stack = {
  version: '3.9',
  services: Object.fromEntries(wanted.map(([name, given]) => [name, service(name, given)])),
  networks: Object.fromEntries(
    Object.entries(networks).map(([name, n]) => [
      name,
      // Attachable, both: the command line is a container beside them.
      { name: n.name, driver: 'overlay', attachable: true },
    ]),
  ),
  volumes: Object.fromEntries(
    Object.keys(volumes ?? {})
      .filter((name) => used.has(name))
      .map((name) => [name, {}]),
  ),
};
process.stdout.write(`${JSON.stringify(stack, null, 2)}\n`);
