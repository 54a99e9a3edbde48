import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from './http.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const prolog = (charset: string, text: string) => `<?xml version="1.0" encoding="${charset}"?><t>${text}</t>`;
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

const cases: [what: string, bytes: Buffer, contentType: string | null][] = [
  ['UTF-8, unsaid', Buffer.from('<t>Été</t>'), null],
  ['UTF-8 with a byte order mark', Buffer.from('\ufeff<t>Été</t>'), 'text/xml'],
  ['ISO-8859-1 by header', latin1('<t>Été</t>'), 'text/xml; charset=ISO-8859-1'],
  ['ISO-8859-1 by header, quoted', latin1('<t>Été</t>'), 'text/xml;charset="iso-8859-1"'],
  ['ISO-8859-1 by prolog', latin1(prolog('ISO-8859-1', 'Été')), 'text/xml'],
  ['windows-1252 by prolog', latin1(prolog('windows-1252', 'Été')), null],
  ['the header before the prolog', Buffer.from(prolog('ISO-8859-1', 'Été')), 'text/xml; charset=utf-8'],
  ['an unknown header, then the prolog', latin1(prolog('latin1', 'Été')), 'text/xml; charset=x-none'],
  ['an unknown charset: UTF-8', Buffer.from(prolog('x-none', 'Été')), 'text/xml; charset=x-none'],
  ['a byte order mark before a wrong header', Buffer.from('\ufeff<t>Été</t>'), 'text/xml; charset=latin1'],
  ['UTF-16, little end first', utf16(prolog('UTF-16', 'Été')), 'text/xml'],
  ['UTF-16, big end first', utf16(prolog('UTF-16', 'Été')).swap16(), null],
];
for (const [what, bytes, contentType] of cases) {
  test(what, () => assert.match(decode(bytes, contentType), /<t>Été<\/t>$/));
}

test('bytes that are no UTF-8 are a mark, not an error', () => {
  assert.equal(decode(latin1('<t>Été</t>'), null), '<t>\ufffdt\ufffd</t>');
});
