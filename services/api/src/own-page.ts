import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

/**
 * Refuses what another site's page sends: without a login, whoever looks at a hostile page on the same machine would
 * act for it. Programs, which send neither header, pass; so do pages of the API's own origin (`/docs`). That no form
 * can send JSON is a second wall, but it stands only where there is a body.
 *
 * @throws ProblemError 403
 */
export async function fromOwnPage({ headers }: FastifyRequest): Promise<void> {
  const { origin, host, 'sec-fetch-site': site } = headers;
  // Where the browser says it itself, a proxy that rewrites Host does not matter.
  const own = typeof site === 'string' ? ['same-origin', 'none'].includes(site) : sameHost(origin, host);
  if (!own)
    throw new ProblemError(403, 'This comes from the page of another origin, which may change nothing here.');
}

function sameHost(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
