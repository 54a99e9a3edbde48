// node manifests.mjs DIR: the package.json of each workspace and the lock file, copied to DIR without
// devDependencies. npm follows these from a workspace even with --omit=dev.
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [out] = process.argv.slice(2);
const { workspaces } = JSON.parse(readFileSync('package.json', 'utf8'));
for (const file of globSync(['package.json', ...workspaces.map((w) => `${w}/package.json`)])) {
  const { devDependencies: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  mkdirSync(join(out, dirname(file)), { recursive: true });
  writeFileSync(join(out, file), JSON.stringify(manifest, null, 2));
}
cpSync('package-lock.json', join(out, 'package-lock.json'));
