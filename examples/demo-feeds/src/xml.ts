import type { TitleDress } from './outlets.ts';

const xmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** HTML's names for what French and English titles contain; other characters stay as they are. */
const htmlNames: Readonly<Record<string, string>> = {
  ...xmlEscapes,
  '\u00a0': '&nbsp;',
  '«': '&laquo;',
  '»': '&raquo;',
  '’': '&rsquo;',
  '“': '&ldquo;',
  '”': '&rdquo;',
  '–': '&ndash;',
  à: '&agrave;',
  â: '&acirc;',
  ç: '&ccedil;',
  è: '&egrave;',
  é: '&eacute;',
  ê: '&ecirc;',
  î: '&icirc;',
  ô: '&ocirc;',
  ù: '&ugrave;',
  û: '&ucirc;',
  œ: '&oelig;',
  À: '&Agrave;',
  É: '&Eacute;',
};

/** Escapes text for XML content and double-quoted attributes. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => xmlEscapes[character] ?? character);
}

/** Wraps text in CDATA; a `]]>` inside is divided between two sections, the only way to write it. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** XML content with every non-ASCII character as a decimal reference. */
export function numericReferences(text: string): string {
  return escapeXml(text).replace(/[^\p{ASCII}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** Plain text as HTML with named entities. */
export function encodeHtml(text: string): string {
  return text.replace(/[&<>"\u0080-\uffff]/g, (character) => htmlNames[character] ?? character);
}

/** A plain-text title as XML content, in the outlet's dress. */
export function dressTitle(title: string, dress: TitleDress): string {
  if (dress === 'cdata') return cdata(title);
  if (dress === 'numeric') return numericReferences(title);
  if (dress === 'html') return escapeXml(encodeHtml(title));
  return escapeXml(title);
}
