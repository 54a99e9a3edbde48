import { parseDocument } from 'htmlparser2';

/** Longest title and summary that are kept, characters. */
const TITLE_LENGTH = 500;
const SUMMARY_LENGTH = 600;

// A tag, a comment or an entity: without one a text needs no parser.
const markup = /<[a-z/!]|&(?:#\d|#x[\da-f]|[a-z])/i;
// C0 and C1 controls (PostgreSQL refuses NUL) and the marks that turn the direction of what follows.
const unwanted =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** The plain text of a piece of HTML: tags, scripts and styles gone, entities resolved, one line. */
export function cleanText(html: string): string {
  // Twice: feeds escape HTML within escaped HTML, and "&amp;eacute;" means é to its reader.
  const text = markup.test(html) ? textOf(textOf(html)) : html;
  return text.replaceAll(unwanted, '').toWellFormed().replaceAll(/\s+/g, ' ').trim();
}

export const cleanTitle = (html: string): string => shorten(cleanText(html), TITLE_LENGTH);
export const cleanSummary = (html: string): string =>
  shorten(cleanText(html.slice(0, 20_000)), SUMMARY_LENGTH);

function textOf(html: string): string {
  if (!markup.test(html)) return html;
  const document = parseDocument(html);
  const parts: string[] = [];
  const visit = (nodes: ReturnType<typeof parseDocument>['children']): void => {
    for (const node of nodes) {
      if (node.type === 'text') parts.push((node as unknown as { data: string }).data);
      else if (node.type === 'tag' || node.type === 'cdata') {
        // Words on two sides of a tag are two words: <p>one</p><p>two</p>.
        const inline =
          'name' in node && /^(?:a|b|i|em|strong|span|sup|sub|u|abbr|cite|q|small|mark)$/.test(node.name);
        if (!inline) parts.push(' ');
        visit((node as unknown as { children: typeof nodes }).children);
        if (!inline) parts.push(' ');
      }
    }
  };
  visit(document.children);
  return parts.join('');
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).toWellFormed()}…`;
}
