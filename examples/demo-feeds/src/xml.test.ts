import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFeed } from 'feedsmith';
import { cdata, dressTitle, encodeHtml, escapeXml, numericReferences } from './xml.ts';

const nasty = 'R&D <b>"x"</b> ]]> l’été 𝄞';

test('each dress but html reads back as the same text', () => {
  for (const dress of ['text', 'cdata', 'numeric'] as const) {
    const xml = `<rss version="2.0"><channel><title>${dressTitle(nasty, dress)}</title></channel></rss>`;
    const parsed = parseFeed(xml);
    assert.equal(parsed.format === 'rss' && parsed.feed.title, nasty, dress);
  }
});

test('escapes', () => {
  assert.equal(escapeXml('a & "b" <c>'), 'a &amp; &quot;b&quot; &lt;c&gt;');
  assert.equal(cdata('a]]>b'), '<![CDATA[a]]]]><![CDATA[>b]]>');
  assert.equal(numericReferences('été 𝄞'), '&#233;t&#233; &#119070;');
  assert.equal(encodeHtml('« été » & 3 €'), '&laquo; &eacute;t&eacute; &raquo; &amp; 3 €');
  assert.equal(dressTitle('été', 'html'), '&amp;eacute;t&amp;eacute;');
});
