import { Parser } from 'htmlparser2';

/** Longest title and summary that are kept, and longest piece of HTML that is read for them, characters. */
const TITLE_LENGTH = 500;
const SUMMARY_LENGTH = 600;
const HTML_LENGTH = 20_000;

// A tag, a comment or an entity: without one a text needs no parser.
const markup = /<[a-z/!]|&(?:#\d|#x[\da-f]|[a-z])/i;
// C0 and C1 controls (PostgreSQL refuses NUL) and the marks that turn the direction of what follows.
const unwanted =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
// Words on two sides of a tag are two words, <p>one</p><p>two</p>, but for these: <b>o</b>ne.
const inline = /^(?:a|b|i|em|strong|span|sup|sub|u|abbr|cite|q|small|mark)$/;
// What a reader of the page does not read.
const hidden = /^(?:script|style)$/;

/** The plain text of a piece of HTML: tags, scripts and styles gone, entities resolved, one line. */
export function cleanText(html: string): string {
  // Twice: feeds escape HTML within escaped HTML, and "&amp;eacute;" means é to its reader.
  const text = textOf(textOf(html.slice(0, HTML_LENGTH)));
  return text.replaceAll(unwanted, '').toWellFormed().replaceAll(/\s+/g, ' ').trim();
}

export const cleanTitle = (html: string): string => shorten(cleanText(html), TITLE_LENGTH);
export const cleanSummary = (html: string): string => shorten(cleanText(html), SUMMARY_LENGTH);

function textOf(html: string): string {
  if (!markup.test(html)) return html;
  const parts: string[] = [];
  let hiddenIn = 0;
  // As it streams by, not as a tree: a tree is as deep as its author likes, the stack is not.
  const parser = new Parser(
    {
      onopentagname(name) {
        if (hidden.test(name)) hiddenIn++;
        if (!inline.test(name)) parts.push(' ');
      },
      onclosetag(name) {
        if (hidden.test(name)) hiddenIn--;
        if (!inline.test(name)) parts.push(' ');
      },
      ontext(text) {
        if (hiddenIn === 0) parts.push(text);
      },
    },
    { recognizeCDATA: true },
  );
  parser.end(html);
  return parts.join('');
}

/** At most `length` characters, cut between two words where there is a space in the second half. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  const space = cut.lastIndexOf(' ');
  // In between two halves of a surrogate pair: the first half goes, too.
  return `${space > length / 2 ? cut.slice(0, space) : cut.replace(/[\ud800-\udbff]$/, '')}…`;
}
