import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from './options.ts';

type Container = Record<string, unknown> & { environment?: Record<string, string> };
type Stack = { services: Record<string, Container & { deploy: { resources: { limits: unknown } } }> };

const volume = (source: string, target: string) => ({ type: 'volume', source, target });
const bind = (source: string, target: string) => ({ type: 'bind', source, target, read_only: true });

/** As `docker compose config --format json` prints it, the parts that matter. */
const config = (password: string) => ({
  services: {
    redis: {
      image: 'redis:8',
      container_name: 'afk-redis',
      restart: 'unless-stopped',
      environment: { REDIS_PASSWORD: password, REDISCLI_AUTH: password },
      mem_limit: '536870912',
      pids_limit: 256,
      security_opt: ['no-new-privileges:true'],
      networks: { 'central-net': null },
      ports: [{ target: 6379, published: '3002', host_ip: '127.0.0.1' }],
      volumes: [bind('/afk/infra/redis', '/etc/afk/redis'), volume('redis-data', '/data')],
    },
    migrate: { image: 'afk/migrate', restart: 'no', environment: {}, mem_limit: '1' },
    front: {
      image: 'afk/front',
      restart: 'unless-stopped',
      tmpfs: ['/tmp'],
      mem_limit: '1073741824',
      depends_on: { migrate: { condition: 'service_completed_successfully' } },
      ports: [{ target: 4321, published: '4321', host_ip: '127.0.0.1' }],
      volumes: [bind('/afk/pipeline.json', '/app/pipeline.json'), volume('front-site', '/data')],
    },
    grafana: { image: 'grafana', profiles: ['observability'], mem_limit: '1' },
    scheduler: { image: 'ofelia', mem_limit: '1' },
  },
  networks: { 'central-net': { name: 'central-net' } },
  volumes: { 'redis-data': {}, 'front-site': {}, 'grafana-data': {} },
});

function stack(password: string) {
  const script = join(root, 'infra/docker/stack.mjs');
  const input = JSON.stringify(config(password));
  return spawnSync(process.execPath, [script], { input, encoding: 'utf8' });
}

describe('the stack file of a Swarm', () => {
  it('is refused while a password is the default, which is not told', () => {
    const { status, stdout, stderr } = stack('afk-local');
    assert.equal(status, 78);
    assert.equal(stdout, '');
    assert.match(stderr, /REDIS_PASSWORD/);
  });

  it('publishes the page, and no store', () => {
    const { services } = JSON.parse(stack('e2d1c0b9a8f7').stdout) as Stack;
    assert.deepEqual(Object.keys(services).sort(), ['front', 'migrate', 'redis']);
    assert.equal(services['redis']!['ports'], undefined);
    assert.deepEqual(services['front']!['ports'], [{ target: 4321, published: 4321, mode: 'host' }]);
  });

  it('says limits as a Swarm knows them, and nothing that it does not', () => {
    const { services } = JSON.parse(stack('e2d1c0b9a8f7').stdout) as Stack;
    assert.deepEqual(services['redis']!.deploy.resources.limits, { memory: '536870912', pids: 256 });
    for (const word of ['container_name', 'mem_limit', 'restart', 'depends_on', 'security_opt', 'profiles']) {
      for (const [name, given] of Object.entries(services)) assert.ok(!(word in given), `${name}: ${word}`);
    }
  });

  it('gives files to the stores alone, and volumes to whoever has them', () => {
    const { services } = JSON.parse(stack('e2d1c0b9a8f7').stdout) as Stack;
    const targets = (name: string): unknown[] =>
      (services[name]!['volumes'] as { target: string }[]).map((v) => v.target);
    assert.deepEqual(targets('redis').sort(), ['/data', '/etc/afk/redis']);
    assert.deepEqual(targets('front').sort(), ['/data', '/tmp']);
  });
});
