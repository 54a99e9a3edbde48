// What the command line shares with the extractor: reading a feed list.
export { createFetcher } from './http.ts';
export { loadOpml } from './opml.ts';
