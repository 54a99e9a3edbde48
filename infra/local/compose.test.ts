import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parsePipeline } from '@afk/contracts';
import { parse } from 'yaml';
import { parseOptions, root, type Options } from './options.ts';
import { serviceSpecs } from './services.ts';

type Container = {
  image: string;
  build?: { args: { SERVICE?: string } & Record<string, string> };
  environment?: Record<string, string>;
  ports?: string[];
  networks: string[];
  volumes?: string[];
  extra_hosts?: string[];
  tmpfs?: string[];
  healthcheck: { test?: string[]; disable?: boolean };
  logging: { options: Record<string, string> };
} & Record<string, unknown>;
type Compose = {
  services: Record<string, Container>;
  networks: Record<string, { name: string; attachable?: boolean }>;
  volumes: Record<string, unknown>;
};

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
/** Without comments, and without `$$`, which is a dollar for the container's own shell. */
const text = read('compose.yml')
  .replaceAll(/^\s*#.*$/gm, '')
  .replaceAll('$$', '');
const { services: containers, networks, volumes } = parse(text, { merge: true }) as Compose;
const services = Object.keys(parsePipeline(read('pipeline.json')).services);
const once = ['migrate', 'first-run'];
/** Run by a person, and ends. */
const byHand = ['afk'];

/** `NAME=value` of the Dockerfile's ENV. */
const imageEnv = Object.fromEntries(
  [...read('Dockerfile').matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
);

/** The names of a service's settings, from its own schema. */
async function settingsOf(service: string): Promise<string[]> {
  const module = (await import(join(root, 'services', service, 'src', 'env.ts'))) as Record<string, unknown>;
  const schemas = Object.values(module) as { shape?: object }[];
  return Object.keys(schemas.find((s) => s.shape)?.shape ?? {});
}

describe('compose.yml', () => {
  it('has every service of the pipeline, and of npm start', () => {
    const options = parseOptions([], {}) as Options;
    const local = serviceSpecs(options, { redisUrl: '', databaseUrl: '', qdrantUrl: '' }, {});
    for (const name of [...services, ...local.map((s) => s.name)]) {
      assert.equal(containers[name]?.build?.args.SERVICE, name, name);
    }
    const built = Object.keys(containers).filter(
      (c) => containers[c]!.build && ![...once, ...byHand].includes(c),
    );
    assert.deepEqual(built.sort(), [...services].sort());
  });

  it('is readable for docker-compose 1.29', () => {
    const tree = parse(text, { merge: true }) as Record<string, unknown>;
    for (const key of ['name', 'include', 'configs']) assert.equal(tree[key], undefined, key);
    // Neither ${A:-${B}} nor ${A:+b}: a name and a default, or a name that must be there.
    for (const [variable] of text.matchAll(/\$\{[^}]*\}/g))
      assert.match(variable, /^\$\{\w+(:[-?][^$]*)?\}$/);
    assert.doesNotMatch(read('Dockerfile'), /^RUN .*--mount|^COPY .*--(link|parents)|^# syntax/m);
  });

  it('has networks that others can join by name', () => {
    assert.equal(networks['shared-net']!.name, '${SHARED_NET:-shared-net}');
    assert.equal(networks['shared-net']!.attachable, true);
    for (const name of services) assert.deepEqual(containers[name]!.networks, ['central-net', 'shared-net']);
  });
});

describe('the settings', () => {
  for (const name of services) {
    it(`of ${name} are those of its schema`, async () => {
      const settings = await settingsOf(name);
      const given = Object.keys(containers[name]!.environment ?? {});
      for (const setting of given) assert.ok(settings.includes(setting), `${setting} means nothing to it`);
      for (const setting of settings) {
        assert.ok(given.includes(setting) || setting in imageEnv, `${setting} cannot be given`);
      }
    });
  }

  it('let each service into Redis by its own name', () => {
    for (const name of services) {
      const url = `redis://${name}:\${REDIS_PASSWORD:-afk-local}@redis:6379`;
      assert.equal(containers[name]!.environment!['REDIS_URL'], url);
    }
  });

  it('are in .env.example, with the same defaults', () => {
    const example = Object.fromEntries(
      [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    const elsewhere = [
      'COMPOSE_PROFILES',
      'AFK_PORT_BASE',
      'PIPELINE_FILE',
      'SEARCH_MODEL_CACHE',
      'BACKUP_DIR',
      'REDIS_DATA_DIR',
    ];
    const stores = ['REDIS_URL', 'DATABASE_URL', 'QDRANT_URL'];
    const variables = [...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)];
    for (const [, name = '', value] of variables) {
      assert.ok(name in example, `${name} is not in .env.example`);
      // Empty: the service's own default holds. On this machine: a container knows it by another name than loopback,
      // and the example says so beside the other default.
      if (value!.includes('host.docker.internal')) {
        assert.equal(value!.replace('host.docker.internal', '127.0.0.1'), example[name], name);
        assert.match(read('.env.example'), new RegExp(`^# .*Docker.* ${RegExp.escape(value!)}`, 'm'), name);
      } else if (value !== '') assert.equal(example[name], value, name);
    }
    const known = [...variables.map(([, name]) => name), ...elsewhere, ...stores];
    assert.deepEqual(
      Object.keys(example).filter((name) => !known.includes(name)),
      [],
    );
  });

  it('have passwords that the preflight knows to be no secret', () => {
    const [, standard] = /const DEFAULT = '([^']+)'/.exec(read('infra/docker/preflight.mjs'))!;
    for (const [, name = '', value] of text.matchAll(/\$\{(\w+_(?:PASSWORD|API_KEY)):-([^}]*)\}/g)) {
      assert.equal(value, standard, name);
    }
  });
});

describe('the containers of the encoders', () => {
  const matcher = containers['semantic-matcher']!;

  it('can have the runtime built in, from its own lock file', () => {
    assert.equal(matcher.build!.args['ONNX'], '${ONNX:-}');
    const [, after = ''] = read('Dockerfile').split(/^ARG ONNX$/m);
    const [, where = ''] =
      /if \[ -n "\$ONNX" \]; then \\\n +npm ci .*--prefix \/out\/(\S+);/.exec(after) ?? [];
    assert.ok(Object.keys(JSON.parse(read(`${where}/package-lock.json`)) as object).includes('packages'));
    assert.ok(after.includes('COPY --from=service /out ./'), 'before the image is put together');
  });

  it('keep models where they can be written, and outlive them', () => {
    const cache = matcher.environment!['SEARCH_MODEL_CACHE']!;
    const [volume, mount] = matcher
      .volumes!.map((v) => v.split(':'))
      .find(([, at]) => cache.startsWith(`${at}/`))!;
    assert.ok(Object.keys(volumes).includes(volume!), `${volume} is a named volume`);
    assert.match(
      read('Dockerfile'),
      new RegExp(`^RUN install -d -o node -g node.* ${mount}( |$)`, 'm'),
      "the user's own",
    );
  });

  it('reach what listens on the machine, and take no loopback for it', () => {
    for (const [name, { environment = {}, extra_hosts = [] }] of Object.entries(containers)) {
      const urls = Object.values(environment).filter((value) => /:\/\//.test(String(value)));
      for (const url of urls)
        assert.doesNotMatch(url, /\/\/(localhost|127\.|0\.0\.0\.0|\[::)/, `${name}: ${url}`);
      const asks = urls.some((url) => url.includes('host.docker.internal'));
      assert.deepEqual(extra_hosts, asks ? ['host.docker.internal:host-gateway'] : [], name);
    }
  });
});

/** What a container does without, and why. */
const exceptions: Record<string, Record<string, unknown>> = {
  // Root without capabilities: the owner of Docker's socket.
  scheduler: { user: 'root' },
  portainer: { user: 'root' },
  // Its entry point writes beside its program.
  pgadmin: { read_only: false },
  migrate: { restart: 'no' },
  'first-run': { restart: 'no' },
  afk: { restart: 'no' },
};

describe('each container', () => {
  for (const [name, container] of Object.entries(containers)) {
    it(`${name} ticks the list`, () => {
      const expected = { init: true, restart: 'unless-stopped', read_only: true, ...exceptions[name] };
      for (const [field, value] of Object.entries(expected)) assert.equal(container[field], value, field);
      assert.deepEqual(container['cap_drop'], ['ALL']);
      assert.deepEqual(container['security_opt'], ['no-new-privileges:true']);
      assert.equal(container['stop_grace_period'], '15s');
      assert.match(String(container['mem_limit']), /^(\d+[mg]|\$\{\w+:-\d+[mg]\})$/);
      assert.deepEqual(Object.keys(container.logging.options), ['max-size', 'max-file']);
      assert.ok(container['user'], 'a user');
      if (!exceptions[name]?.['user']) assert.doesNotMatch(String(container['user']), /^(root|0)\b/);
      if ([...once, ...byHand].includes(name)) assert.equal(container.healthcheck.disable, true);
      else assert.equal(container.healthcheck.test?.[0], 'CMD');
    });

    it(`${name} comes from one known version`, () => {
      const version = container.build ? /:\$\{AFK_VERSION:-local\}$/ : /:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/;
      assert.match(container.image, version);
    });

    it(`${name} publishes on loopback alone, unless asked`, () => {
      const open = ['api', 'front'].includes(name);
      const host = open ? '${AFK_BIND:-127.0.0.1}:' : '127.0.0.1:';
      for (const port of container.ports ?? []) assert.ok(port.startsWith(host), port);
    });
  }

  it('is asked for its health where it listens', () => {
    for (const name of services) {
      const port = imageEnv[name === 'api' ? 'API_PORT' : 'HEALTH_PORT'];
      assert.equal(containers[name]!.healthcheck.test?.at(-1), port, name);
    }
    for (const host of ['HEALTH_HOST', 'API_HOST', 'FRONT_HOST']) assert.equal(imageEnv[host], '0.0.0.0');
  });

  it('has its metrics scraped', () => {
    const { scrape_configs } = parse(read('infra/prometheus/prometheus.yml')) as {
      scrape_configs: { dns_sd_configs?: { names: string[]; port: number }[] }[];
    };
    const scraped = scrape_configs
      .flatMap((c) => c.dns_sd_configs ?? [])
      .flatMap(({ names, port }) => names.map((name) => `${name}:${port}`));
    const expected = services.map(
      (name) => `${name}:${imageEnv[name === 'api' ? 'API_PORT' : 'HEALTH_PORT']}`,
    );
    assert.deepEqual(scraped.sort(), expected.sort());
  });
});
