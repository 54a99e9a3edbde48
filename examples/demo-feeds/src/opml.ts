import { outlets } from './outlets.ts';
import type { Outlet } from './outlets.ts';
import { escapeXml } from './xml.ts';

/** Every format is `type="rss"`: OPML 2.0 knows no other name for a feed. */
function outline({ slug, title, language }: Outlet): string {
  const text = escapeXml(title);
  return `      <outline type="rss" text="${text}" title="${text}" language="${language}" xmlUrl="demo:${slug}" htmlUrl="https://${slug}.example/"/>`;
}

function folder(name: string, language: Outlet['language']): string {
  const lines = outlets.filter((outlet) => outlet.language === language).map(outline);
  return `    <outline text="${name}">\n${lines.join('\n')}\n    </outline>`;
}

/** The demo outlets as OPML 2.0 (http://opml.org/spec2.opml), a folder per language. */
export function demoOpml(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>AFK demo feeds</title>
  </head>
  <body>
${folder('Français', 'fr')}
${folder('English', 'en')}
  </body>
</opml>
`;
}
