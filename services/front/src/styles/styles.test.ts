import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { categoryIds } from '@afk/contracts';

/** WCAG 2.2: 4.5:1 for text. https://www.w3.org/TR/WCAG22/#contrast-minimum */
const needed = 4.5;

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** The part of a style sheet for one scheme: what comes before the dark media query, or what is in it. */
const scheme = (css: string, dark: boolean) =>
  css.split('@media (prefers-color-scheme: dark)')[dark ? 1 : 0] ?? '';
const variable = (css: string, name: string) =>
  new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(css)?.[1] ?? assert.fail(name);

for (const dark of [false, true]) {
  const base = scheme(read('base.css'), dark);
  const papers = [variable(base, 'paper'), variable(base, 'wash')];

  test(`${dark ? 'dark' : 'light'}: every text colour reaches AA on paper and on wash`, () => {
    for (const name of ['ink', 'quiet', 'accent', 'alarm', 'good']) {
      for (const paper of papers) assert.ok(contrast(variable(base, name), paper) >= needed, name);
    }
  });

  test(`${dark ? 'dark' : 'light'}: what was searched for can be read where it is marked`, () => {
    assert.ok(contrast(variable(base, 'ink'), variable(base, 'mark')) >= needed);
  });

  test(`${dark ? 'dark' : 'light'}: every category has an accent, and it reaches AA`, () => {
    const css = scheme(read('categories.css'), dark);
    for (const id of categoryIds) {
      const accent = new RegExp(`\\[data-category='${id}'\\] \\{\\s*--accent: (#[0-9a-f]{6})`).exec(css)?.[1];
      assert.ok(accent, `${id} has an accent`);
      assert.ok(contrast(accent, papers[0] as string) >= needed, id);
    }
  });
}
