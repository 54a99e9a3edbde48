import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Project } from './project.ts';

export type Batch = {
  id: string;
  correlation_id: string;
  status: string;
  seconds: number | null;
  headlines: number;
};

/** Where the API and the page are, seen from the machine. */
export type Addresses = { api: string; page: string };

/** An answer that lists headlines. */
export type Found = { total: number; items: { title: string; url: string }[] };

/** JSON over HTTP, as a person's program asks for it. @throws Error with the status and the answer */
export async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}

/** Starts a run as the clock does. @returns its correlation id */
export async function trigger(project: Project): Promise<string> {
  const correlation_id = randomUUID();
  const message = { event: 'trigger-xml-headlines-extractor', correlation_id };
  await project.redis('PUBLISH', 'ofelia', JSON.stringify(message));
  return correlation_id;
}

/** The newest batches; none while the API is away. */
export async function batches({ api }: Addresses): Promise<Batch[]> {
  const answer = await get<{ items: Batch[] }>(`${api}/api/v1/batches?limit=50`).catch(() => undefined);
  return answer?.items ?? [];
}

/** Waits for a run that `wanted` knows. @throws Error with the newest batches, where it does not come */
export async function untilBatch(
  at: Addresses,
  what: string,
  wanted: (batch: Batch) => boolean,
  ms = 120_000,
): Promise<Batch> {
  let seen: Batch[] = [];
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(200)) {
    seen = await batches(at);
    const found = seen.find(wanted);
    if (found) return found;
  }
  const newest = seen.slice(0, 3).map((b) => `${b.correlation_id} ${b.status}`);
  throw new Error(`no ${what} within ${ms / 1000} s; the newest: ${newest.join(', ') || 'none'}`);
}

/** Waits until a run is complete, page and all. */
export function untilComplete(at: Addresses, correlationId: string, ms?: number): Promise<Batch> {
  const wanted = (b: Batch): boolean => b.correlation_id === correlationId && b.status === 'complete';
  return untilBatch(at, `complete run ${correlationId}`, wanted, ms);
}
