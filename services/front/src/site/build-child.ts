import { build } from 'astro';

/**
 * One Astro build in a process of its own; `build.ts` starts it and sets AFK_API_URL and ASTRO_KEY.
 * Arguments: project folder, folder to build into, folder for scratch.
 */
const [projectDir, outDir, workDir] = process.argv.slice(2) as [string, string, string];

// `sync: false` is the builder's own option, not part of the public type: it leaves out the generated
// editor types, which would be written into the checkout that other builds read at the same time.
const options: object = { sync: false };

// Nobody waits for this build any more: the service that started it is gone.
process.on('disconnect', () => process.exit(1));

await build(
  {
    root: projectDir,
    outDir,
    cacheDir: `${workDir}/astro`,
    logLevel: 'warn',
    vite: { cacheDir: `${workDir}/vite`, logLevel: 'warn' },
  },
  options,
);
process.exit(0);
