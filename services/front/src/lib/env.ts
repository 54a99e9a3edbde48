/**
 * The only place where pages read the process's environment. While pages are prerendered, in the
 * build's own process, the API's address comes from here; on demand it comes with each request
 * (`Astro.locals.apiUrl`), so that two sites in one process can have two APIs.
 */
export function buildApiUrl(): string {
  const url = process.env['AFK_API_URL'];
  if (!url) throw new Error('AFK_API_URL is not set: the address of the API that the pages are built from');
  return url;
}
