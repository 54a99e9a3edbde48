import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanSummary, cleanText, cleanTitle, shorten } from './clean.ts';

const cases: [what: string, html: string, text: string][] = [
  ['plain text', 'Rates rise again', 'Rates rise again'],
  ['an entity', 'L&#8217;&eacute;t&eacute; &amp; l&#x27;hiver', "L’été & l'hiver"],
  ['an entity that was escaped again', 'caf&amp;eacute; &amp;#39;noir&amp;#39;', "café 'noir'"],
  ['a tag that was escaped again', '&amp;lt;b&amp;gt;', '<b>'],
  ['HTML within escaped HTML', '&lt;p&gt;One &lt;b&gt;two&lt;/b&gt;&lt;/p&gt;', 'One two'],
  ['CDATA that the feed wrapped twice', '<![CDATA[Storm <b>Isolde</b>]]>', 'Storm Isolde'],
  ['CDATA that was escaped', '&lt;![CDATA[Storm Isolde]]&gt;', 'Storm Isolde'],
  ['words on two sides of a block', '<p>one</p><p>two<br>three</p>', 'one two three'],
  ['a word with a tag in it', 'H<sub>2</sub>O and <b>O</b>zone', 'H2O and Ozone'],
  ['nested tags', '<div><div><p>a <em>b <i>c</i></em></p></div></div>', 'a b c'],
  ['tags that are never closed', '<div><p><b>a', 'a'],
  ['a script', 'a<script>alert("<b>x</b>")</script>b', 'a b'],
  ['a style', '<style>p { color: red }</style>a', 'a'],
  ['a comment', 'a <!-- <b>not this</b> --> b', 'a b'],
  ['less than', 'a < b', 'a < b'],
  ['less than, escaped', 'if a &lt; 3 and b &gt; 4', 'if a < 3 and b > 4'],
  ['a lone ampersand', 'R&D at AT&T & co', 'R&D at AT&T & co'],
  ['white space and no-break spaces', '  a\n\t b&nbsp;\u00a0c\u2028d ', 'a b c d'],
  ['NUL and control characters', 'a\u0000b\u0007c\u009bd&#7;e', 'abcde'],
  ['marks of direction', '\u202egnp.exe\u202c \u2066x\u2069', 'gnp.exe x'],
  ['a byte order mark', '\ufeffa', 'a'],
  ['half of a surrogate pair', 'a\ud83db', 'a\ufffdb'],
  ['an emoji', 'a 🌊 b', 'a 🌊 b'],
  ['nothing but markup', '<p> <img src="x.png"> </p>', ''],
];
for (const [what, html, text] of cases) {
  test(`${what}: ${JSON.stringify(text)}`, () => assert.equal(cleanText(html), text));
}

for (const piece of ['<', '<a', '<i>', '</', '&', '&amp;', '<!--', '<![CDATA[', '<script>']) {
  test(`10 MB of ${piece} take no time and no stack`, () => {
    const html = piece.repeat(Math.ceil((10 * 1024 * 1024) / piece.length));
    const started = performance.now();
    const title = cleanTitle(html);
    cleanSummary(html);
    assert.ok(performance.now() - started < 1500, `${performance.now() - started} ms`);
    assert.ok(title.length <= 500);
  });
}

test('a long title is cut between words, never within a character', () => {
  const title = cleanTitle('word '.repeat(300));
  assert.ok(title.length <= 500);
  assert.match(title, /word…$/);
  const emoji = shorten(`${'x'.repeat(198)}🌊🌊`, 200);
  assert.equal(emoji, `${'x'.repeat(198)}…`);
  assert.ok(emoji.isWellFormed());
  assert.equal(shorten('x'.repeat(200), 200), 'x'.repeat(200));
});
