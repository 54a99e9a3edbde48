export { buildSite, type BuildOptions, type Log } from './build.ts';
export { createSiteServer, type SiteServer, type SiteServerOptions } from './server.ts';
