import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../options.ts';

export type Panel = {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string }[];
};
export type Dashboard = {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; definition: string }[] };
};
export type Rule = {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};

const read = (file: string): string => readFileSync(join(root, 'infra', file), 'utf8');
export const dashboard = JSON.parse(read('grafana/dashboards/afk.json')) as Dashboard;
export const rules = (parse(read('prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
export const panels = dashboard.panels.filter(({ type }) => type !== 'row');
/** Every expression, by what it is of, as Prometheus gets it: Grafana fills in the variables. */
export const expressions = new Map([
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }): [string, string] => [
      `panel "${title}" ${refId}`,
      expr.replaceAll('$env', '.*').replaceAll('$__rate_interval', '5m'),
    ]),
  ),
  ...rules.map(({ alert, expr }): [string, string] => [`alert ${alert}`, expr]),
]);
