import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startQdrantLocal } from '@afk/qdrant-local';
import { parse } from 'yaml';
import { parseOptions, root, type Options } from './options.ts';
import { serviceSpecs } from './services.ts';
import { Supervisor } from './supervisor.ts';
import { dashboard, expressions, panels, rules } from './testing/dashboard.ts';
import { freePort, freshDatabase, testEnv, testRedisUrl } from './testing/index.ts';

const read = (file: string): string => readFileSync(join(root, 'infra', file), 'utf8');

/** The services whose figures are told from those that every service has. */
const own = ['flow-listener', 'api', 'classifier-bridge', 'backup'];
/** What Prometheus makes itself. */
const made = ['up', 'ALERTS'];
const promql =
  /^(sum|min|max|count|group|topk|by|on|or|and|unless|bool|time|vector|rate|increase|changes|max_over_time|histogram_quantile)$/;

/** The metrics that an expression names: all of its words but labels, their values and PromQL's own. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replaceAll(/\b(by|on)\s*\([^)]*\)/g, ' ');
  return [...new Set(bare.match(/[a-z_:][\w:]*/gi) ?? [])].filter((word) => !promql.test(word));
}

/** Starts these services for real, and reads what they answer to Prometheus. */
async function served(env: string): Promise<{ text: string; close: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'afk-observability-'));
  const database = await freshDatabase();
  const qdrant = await startQdrantLocal();
  const base = await freePort(20);
  const options = parseOptions(['--port-base', String(base), '--data', dataDir], {}) as Options;
  const stores = { redisUrl: await testRedisUrl(), databaseUrl: database.url, qdrantUrl: qdrant.url };
  const supervisor = new Supervisor(join(dataDir, 'logs'), () => {});
  const specs = serviceSpecs(options, stores, { ...process.env, ENV: env });
  const started = specs.filter(({ name }) => own.includes(name));
  const close = async (): Promise<void> => {
    await supervisor.stop();
    await qdrant.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await supervisor.start(started);
    const texts = started.map(async ({ healthUrl }) =>
      (await fetch(healthUrl.replace('/health', '/metrics'))).text(),
    );
    return { text: (await Promise.all(texts)).join(''), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A histogram has three names. */
function namesIn(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    ),
  );
}

describe('the figures', () => {
  const env = testEnv();
  let answer: Awaited<ReturnType<typeof served>>;
  before(async () => void (answer = await served(env)));
  after(() => answer?.close());

  it('that dashboard and alerts name are ones that services serve', () => {
    const names = namesIn(answer.text);
    assert.ok(names.size > 30);
    for (const [where, expression] of expressions) {
      const named = metricsIn(expression);
      assert.ok(named.length > 0, `${where} names no metric`);
      for (const name of named)
        assert.ok(names.has(name) || made.includes(name), `${where}: nobody serves ${name}`);
    }
  });

  it('of the whole line are there before the first run', () => {
    for (const series of [
      `afk_store_up{store="postgres",service="flow-listener",env="${env}"} 1`,
      `afk_store_up{store="redis",service="flow-listener",env="${env}"} 1`,
      `afk_dead_letters{service="extractor",env="${env}"} 0`,
      `afk_last_run_timestamp_seconds{service="flow-listener",env="${env}"} 0`,
    ]) {
      assert.ok(answer.text.includes(`${series}\n`), series);
    }
  });

  it('have no label that grows with use', () => {
    const labels = new Set(
      [...answer.text.matchAll(/^afk_\w+\{(.*)\} \S+$/gm)].flatMap(([, list = '']) =>
        [...list.matchAll(/(\w+)="/g)].map(([, label]) => label),
      ),
    );
    const known = ['service', 'env', 'le', 'event', 'channel', 'store', 'status', 'state', 'stage'];
    known.push('method', 'route', 'mode', 'provider', 'outcome');
    assert.deepEqual(
      [...labels].filter((label) => !known.includes(label!)),
      [],
    );
  });
});

describe('the dashboard', () => {
  it('is one that Grafana provisions: uid, version of its schema, panels with ids of their own', () => {
    assert.match(dashboard.uid, /^[\w-]{1,40}$/);
    assert.ok(dashboard.title);
    // Grafana 13 migrates older ones by itself; from 36 on datasources are objects with a uid.
    assert.ok(dashboard.schemaVersion >= 36);
    const ids = dashboard.panels.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const provisioned = parse(read('grafana/provisioning/dashboards/afk.yml')) as {
      providers: { options: { path: string } }[];
    };
    assert.deepEqual(
      provisioned.providers.map(({ options }) => options.path),
      ['/etc/afk/dashboards'],
    );
  });

  it('asks a datasource that is provisioned', () => {
    const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string; type: string }[];
    };
    const [{ uid, type }] = datasources as [{ uid: string; type: string }];
    for (const panel of panels) assert.deepEqual(panel.datasource, { type, uid }, panel.title);
  });

  it('has its panels beside each other, on a grid of 24', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24, title);
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          const cell = `${column},${row}`;
          assert.equal(taken.get(cell), undefined, `${title} lies over ${taken.get(cell)}`);
          taken.set(cell, title);
        }
      }
    }
  });

  it('says of each panel what it shows and what to do, and asks with known variables alone', () => {
    const titles = panels.map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length);
    const variables = dashboard.templating.list.map(({ name }) => `$${name}`);
    for (const { title, description, targets = [] } of panels) {
      assert.ok((description ?? '').length > 40, title);
      assert.ok(targets.length > 0, title);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
      for (const { expr } of targets) {
        for (const [variable] of expr.matchAll(/\$\w+/g)) {
          assert.ok([...variables, '$__rate_interval'].includes(variable), `${title}: ${variable}`);
        }
      }
    }
  });
});

describe('the alarms', () => {
  it('say how bad it is, what it means and where to read on', () => {
    assert.ok(rules.length > 0);
    for (const { alert, labels, annotations } of rules) {
      assert.match(alert, /^Afk[A-Z]\w+$/);
      assert.match(labels['severity'] ?? '', /^(critical|warning)$/, alert);
      assert.ok(annotations['summary'] && annotations['description'], alert);
      const anchor = alert
        .slice(3)
        .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
        .toLowerCase();
      assert.equal(annotations['runbook'], `docs/operations.md#${anchor}`, alert);
    }
  });

  const page = join(root, 'docs/operations.md');
  it('have a part of docs/operations.md each', { skip: !existsSync(page) && `${page} is not there` }, () => {
    const anchors = [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    );
    for (const { alert, annotations } of rules) {
      assert.ok(anchors.includes(annotations['runbook']?.split('#')[1] ?? ''), `${alert}: no such heading`);
    }
  });

  it('are loaded by Prometheus', () => {
    const { rule_files } = parse(read('prometheus/prometheus.yml')) as { rule_files: string[] };
    assert.deepEqual(rule_files, ['alerts.yml']);
  });
});

describe('promtool', () => {
  const folder = (process.env['PATH'] ?? '')
    .split(delimiter)
    .find((dir) => existsSync(join(dir, 'promtool')));
  const skip = folder ? false : 'promtool is not on the PATH (Debian: apt-get install prometheus)';
  const promtool = (...args: string[]): string =>
    execFileSync(join(folder!, 'promtool'), args, { cwd: join(root, 'infra/prometheus'), encoding: 'utf8' });

  it('reads the configuration and the rules', { skip }, () => {
    promtool('check', 'config', 'prometheus.yml');
    promtool('check', 'rules', 'alerts.yml');
  });

  it('sees every alarm fire when it should, and none in a healthy system', { skip }, () => {
    promtool('test', 'rules', 'alerts.test.yml');
    const tested = read('prometheus/alerts.test.yml');
    for (const { alert } of rules) assert.ok(tested.includes(`"${alert}"`), `${alert} has no test`);
  });

  it('understands every expression of the dashboard', { skip }, (t) => {
    const file = join(mkdtempSync(join(tmpdir(), 'afk-promtool-')), 'panels.yml');
    t.after(() => rmSync(join(file, '..'), { recursive: true, force: true }));
    const recorded = [...expressions.values()].map((expr, n) => ({ record: `panel:${n}`, expr }));
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: recorded }] }));
    promtool('check', 'rules', file);
  });
});
