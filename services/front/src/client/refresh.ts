/**
 * Replaces one part of the page by the same part of a newer one, fetched from `url`, and its title and feed with it: the
 * whole of what scripts do here, but for suggestions. Without them the form is a plain GET form and the page a page.
 *
 * @returns false where the server had no such part (the page then stays as it is).
 */
export async function refreshPart(selector: string, url: string, signal?: AbortSignal): Promise<boolean> {
  const response = await fetch(url, { headers: { accept: 'text/html' }, signal: signal ?? null });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const [fresh, part] = [page.querySelector(selector), document.querySelector(selector)];
  if (!fresh || !part) return false;
  const open = new Set([...part.querySelectorAll('details[open]')].map((d) => d.id));
  for (const details of fresh.querySelectorAll('details')) if (open.has(details.id)) details.open = true;
  part.replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  const feeds = 'link[rel=alternate]';
  for (const link of document.head.querySelectorAll(feeds)) link.remove();
  document.head.append(...page.head.querySelectorAll(feeds));
  return true;
}
