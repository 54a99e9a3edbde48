/** Asks a Qdrant: its `result`. @throws Error with its own words where it refuses */
export type Qdrant = (method: string, path: string, body?: unknown) => Promise<unknown>;

export function qdrantAt(url: string): Qdrant {
  return async (method, path, body) => {
    const response = await fetch(`${url}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { result?: unknown; status: unknown };
    if (!response.ok)
      throw new Error(`Qdrant, ${method} ${path}: ${response.status} ${JSON.stringify(answer.status)}`);
    return answer.result;
  };
}
