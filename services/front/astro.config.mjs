import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

/**
 * `src/site/build.ts` sets the folders of each build, so that several can run from one checkout.
 * Everything is bundled into the server's entry: a build may lie anywhere, without node_modules above it.
 */
export default defineConfig({
  output: 'static',
  adapter: node({ mode: 'middleware' }),
  session: false,
  devToolbar: { enabled: false },
  image: { service: { entrypoint: 'astro/assets/services/noop' } },
  build: { inlineStylesheets: 'never', concurrency: 4 },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
      ],
    },
  },
  markdown: { syntaxHighlight: false },
  vite: {
    environments: {
      ssr: {
        resolve: { noExternal: true },
        // No hashes: they would differ with the folder's name, and equal code should have equal names.
        build: { rolldownOptions: { output: { chunkFileNames: 'chunks/[name].mjs' } } },
      },
      prerender: { resolve: { noExternal: true } },
    },
    build: { reportCompressedSize: false },
  },
});
