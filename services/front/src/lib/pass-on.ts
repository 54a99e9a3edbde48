/** Headers of an answer that are the reader's, and of a request that are the API's. */
const told = ['content-type', 'etag', 'cache-control', 'retry-after'];
const patience = 10_000;

/**
 * Hands a request on to the API under the same path, for what a reader's programs ask for: the page's own script, feed
 * readers. The API may not be reachable for them. Where it is read is said as proxies say it.
 */
export async function passOn(request: Request, apiUrl: string): Promise<Response> {
  const { pathname, search, host, protocol } = new URL(request.url);
  const headers = new Headers({
    'x-forwarded-host': request.headers.get('x-forwarded-host') ?? request.headers.get('host') ?? host,
    'x-forwarded-proto': request.headers.get('x-forwarded-proto') ?? protocol.slice(0, -1),
  });
  const known = request.headers.get('if-none-match');
  if (known !== null) headers.set('if-none-match', known);
  try {
    const signal = AbortSignal.timeout(patience);
    const answer = await fetch(new URL(pathname + search, apiUrl), { headers, signal });
    const kept = told.flatMap((name) =>
      answer.headers.has(name) ? [[name, answer.headers.get(name)!]] : [],
    );
    return new Response(answer.status === 304 ? null : await answer.arrayBuffer(), {
      status: answer.status,
      headers: Object.fromEntries(kept),
    });
  } catch {
    const problem = { type: 'about:blank', title: 'The API is not answering', status: 503 };
    const away = { 'content-type': 'application/problem+json', 'retry-after': '5' };
    return new Response(JSON.stringify(problem), { status: 503, headers: away });
  }
}
