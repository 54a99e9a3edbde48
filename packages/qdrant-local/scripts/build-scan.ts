/*
 * Compiles src/scan/scan.wat into src/scan/scan-bytes.ts. For whoever changes the kernel; needs npm's `wabt`,
 * which is no dependency of the package:
 *   (cd /tmp && npm install wabt) && node scripts/build-scan.ts /tmp/node_modules/wabt
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

interface Wabt {
  parseWat(
    name: string,
    text: string,
    features: object,
  ): { toBinary(options: object): { buffer: Uint8Array } };
}

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node scripts/build-scan.ts FOLDER-OF-WABT');
const load = createRequire(import.meta.url)(resolve(folder)) as () => Promise<Wabt>;
const source = new URL('../src/scan/scan.wat', import.meta.url);
const wabt = await load();
const module = wabt.parseWat('scan.wat', readFileSync(source, 'utf8'), { simd: true, threads: true });
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,100}/g) ?? [];
writeFileSync(
  new URL('../src/scan/scan-bytes.ts', import.meta.url),
  `/** scan.wat, compiled by scripts/build-scan.ts. */
export const SCAN_MODULE = Buffer.from(
  [
${lines.map((line) => `    '${line}',`).join('\n')}
  ].join(''),
  'base64',
);
`,
);
