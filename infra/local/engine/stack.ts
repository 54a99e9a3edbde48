import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../options.ts';
import { freePort } from '../stores/ports.ts';
import type { Engine } from './engine.ts';
import { provide } from './images.ts';
import type { Addresses } from './line.ts';
import { Project } from './project.ts';
import { run } from './shell.ts';

type Compose = { services: Record<string, { image: string; build?: unknown; profiles?: string[] }> };

/** The containers of compose.yml as they are written. */
export const compose = parse(readFileSync(join(root, 'compose.yml'), 'utf8'), { merge: true }) as Compose;

/** The images that compose.yml builds, by service: without those that are there for a profile. */
export const built = Object.keys(compose.services).filter(
  (name) => compose.services[name]!.build && !compose.services[name]!.profiles,
);

export type Stack = { project: Project; at: Addresses; standIns: string[] };

/** Beside compose.yml, for the test alone: feeds in the network, told to nobody outside. */
const feeds = `
services:
  feeds:
    image: node:26-bookworm-slim
    user: node
    init: true
    read_only: true
    restart: unless-stopped
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    stop_grace_period: 15s
    pids_limit: 64
    mem_limit: 256m
    logging: { driver: json-file, options: { max-size: 1m, max-file: '2' } }
    command: [node, /feeds.mjs]
    environment: { SINCE: '${Date.now()}' }
    volumes:
      - ./infra/local/engine/feeds.mjs:/feeds.mjs:ro
      - ./examples/demo-feeds:/demo:ro
    networks: [shared-net]
    healthcheck:
      test: [CMD, node, -e, "fetch('http://127.0.0.1:8088/health').then((r) => process.exit(r.ok ? 0 : 1))"]
      interval: 5s
      timeout: 3s
      retries: 5
`;

/**
 * The working tree, laid out as a fresh clone, with every image that cannot be pulled stood in for. Nothing
 * is built or started yet. Ports are free ones: whoever runs AFK here keeps theirs.
 *
 * @throws Error where AFK's own containers are on this engine
 */
export async function prepare(engine: Engine, say: (line: string) => void): Promise<Stack> {
  const project = new Project(engine);
  await project.sweep();
  if ((await run('docker', ['inspect', 'afk-redis'])).code === 0) {
    throw new Error('a container afk-redis is there: this test needs the name (docker compose down)');
  }
  await project.copyTree();
  const standIns: string[] = [];
  for (const image of ['node:26-bookworm-slim', ...imagesOf(['redis', 'postgres', 'scheduler'])]) {
    if ((await provide(image, say)) === 'stand-in') standIns.push(image);
  }
  const [qdrant = ''] = imagesOf(['qdrant']);
  await provide(qdrant, () => {}).catch(() => {
    say(`${qdrant} cannot be pulled: qdrant-local in its place`);
    standIns.push(qdrant);
    project.add('compose.qdrant-local.yml');
  });
  // Ofelia is a small Go program; what stands in for it is Node, twice while its health is asked.
  if (standIns.some((image) => image.includes('ofelia')))
    project.add('compose.ofelia.yml', 'services: { scheduler: { mem_limit: 192m } }\n');
  project.add('compose.test.yml', feeds);
  const at = await ports(project);
  Object.assign(project.env, {
    AFK_FEEDS: 'http://feeds:8088/feeds.opml',
    AFK_ALLOW_PRIVATE_FEEDS: '1',
    CENTRAL_NET: 'afk-acceptance-central',
    SHARED_NET: 'afk-acceptance-shared',
  });
  return { project, at, standIns };
}

/** The image of a service, by the tag that it has without settings. */
export const imageOf = (service: string): string =>
  compose.services[service]!.image.replace(/\$\{AFK_VERSION:-(.*)\}/, '$1');

export const imagesOf = (services: readonly string[]): string[] =>
  services.map((name) => compose.services[name]!.image);

async function ports(project: Project): Promise<Addresses> {
  const first = await freePort(8);
  const names = ['API', 'FRONT', 'REDIS', 'POSTGRES', 'QDRANT', 'PROMETHEUS', 'GRAFANA', 'PORTAINER'];
  names.forEach((name, i) => (project.env[`${name}_PORT`] = String(first + i)));
  return { api: `http://127.0.0.1:${first}`, page: `http://127.0.0.1:${first + 1}` };
}
