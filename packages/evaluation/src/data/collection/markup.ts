/** Pieces between tags of TREC's markup, which looks like XML but is not well-formed as a whole: read piece by piece. */

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Contents of every element of this name; of one that is never closed, up to the next of its name or the end. */
export function elementsOf(text: string, name: string): string[] {
  const pieces = text.split(new RegExp(`<${name}(?:\\s[^>]*)?>`, 'i')).slice(1);
  const end = new RegExp(`</${name}\\s*>`, 'i');
  return pieces.map((piece) => piece.split(end, 1)[0]!);
}

/** Text of the first element of this name up to the next tag or its end, spaces made one; undefined where there is none. */
export function textOf(element: string, name: string): string | undefined {
  const [found] = elementsOf(element, name);
  return found === undefined ? undefined : plain(found);
}

const plain = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(\w+);/g, (all, name: string) => ENTITIES[name.toLowerCase()] ?? all)
    .replace(/\s+/g, ' ')
    .trim();
