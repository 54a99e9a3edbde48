/**
 * Replaces one part of the page by the same part of a newer one, fetched from `url`: the whole of what
 * scripts do here. Without them the form is a plain GET form and the page a page.
 *
 * @returns false where the server had no such part (the page then stays as it is).
 */
export async function refreshPart(selector: string, url: string, signal?: AbortSignal): Promise<boolean> {
  const response = await fetch(url, { headers: { accept: 'text/html' }, signal: signal ?? null });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector(selector);
  const part = document.querySelector(selector);
  if (!fresh || !part) return false;
  const open = new Set([...part.querySelectorAll('details[open]')].map((d) => d.id));
  for (const details of fresh.querySelectorAll('details')) if (open.has(details.id)) details.open = true;
  part.replaceWith(document.adoptNode(fresh));
  return true;
}
