import { http } from '@afk/contracts';
import { buildApiUrl } from './env.ts';

/** The API said no, or nothing at all (`status` 0). `problem` is its RFC 9457 answer where there is one. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: http.Problem | undefined;

  constructor(message: string, status: number, problem?: http.Problem, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

type Query = Record<string, string | number | undefined>;
type Parser<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Error } };

/** The API's own parameters; what is empty is not sent. */
export type SearchQuery = Record<string, string | number | undefined>;

/** The API's answers, checked against the contract. Each call throws `ApiError`. */
export type ApiClient = ReturnType<typeof apiClient>;

/** @param timeoutMs longest wait for one answer. */
export function apiClient(baseUrl: string, timeoutMs = 10_000) {
  const get = <T>(path: string, schema: Parser<T>, query: Query = {}) =>
    request(new URL(path, baseUrl), schema, query, timeoutMs);
  const id = encodeURIComponent;
  return {
    trends: (query: { limit: number; offset?: number }) => get('/api/v1/trends', http.trendList, query),
    trend: (trend: string) => get(`/api/v1/trends/${id(trend)}`, http.trendDetail),
    trendHistory: (trend: string, query: { limit: number; offset?: number }) =>
      get(`/api/v1/trends/${id(trend)}/history`, http.trendHistory, query),
    headlines: (query: { limit: number }) => get('/api/v1/headlines', http.headlineList, query),
    search: (query: SearchQuery) => get('/api/v1/search', http.searchResult, query),
    feeds: () => get('/api/v1/feeds', http.feedList),
    batches: (query: { limit: number }) => get('/api/v1/batches', http.batchList, query),
    batch: (batch: string) => get(`/api/v1/batches/${id(batch)}`, http.batchDetail),
    deadLetters: (query: { limit: number }) => get('/api/v1/dead-letters', http.deadLetterList, query),
  };
}

/** The client of a page: of its request where there is one, of the build otherwise. */
export function clientOf(locals: { apiUrl?: string }): ApiClient {
  return apiClient(apiUrlOf(locals));
}

export const apiUrlOf = (locals: { apiUrl?: string }): string => locals.apiUrl ?? buildApiUrl();

async function request<T>(url: URL, schema: Parser<T>, query: Query, timeoutMs: number): Promise<T> {
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  }
  const response = await send(url, timeoutMs);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const problem = http.problem.safeParse(body).data;
    throw new ApiError(problem?.title ?? `The API answered ${response.status}`, response.status, problem);
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    `${url.pathname} does not answer in the agreed shape`,
    response.status,
    undefined,
    parsed.error,
  );
}

async function send(url: URL, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw new ApiError('The API is not answering', 0, undefined, cause);
  }
}

/** What a page shows of a failure: a title, and lines that say more. Never a stack. */
export function explain(error: unknown): { title: string; lines: string[]; status: number } {
  if (!(error instanceof ApiError)) throw error;
  const { problem } = error;
  const lines = [
    ...(problem?.detail ? [problem.detail] : []),
    ...(problem?.errors ?? []).map((e) => `${e.field}: ${e.message}`),
  ];
  const status = error.status >= 400 && error.status < 500 ? error.status : 503;
  return { title: error.message, lines, status };
}
