/**
 * A section of a file in git's syntax: `[kind "name"]` and its settings. `line` is where it begins, `lines` where
 * its settings are; one that is there twice is one section, and of a setting given twice the last holds.
 */
export type Section = {
  kind: string;
  name: string;
  line: number;
  values: Record<string, string>;
  lines: Record<string, number>;
};

const HEADER = /^\[\s*([A-Za-z][\w-]*)(?:\s+"((?:[^"\\]|\\.)+)")?\s*\]\s*(?:[;#].*)?$/;
/** A name by itself is switched on. */
const SETTING = /^([A-Za-z][\w-]*)\s*(?:=\s*(.*)|[;#].*)?$/s;

/**
 * Reads the syntax of git's configuration files, which is Ofelia's too (it reads with gcfg, a Go port).
 * It looks like INI, but quotes and backslashes mean something: `'{"a":1}'` comes out as `'{a:1}'`.
 *
 * @throws SyntaxError naming the line
 */
export function parseGitConfig(text: string): Section[] {
  const found: Section[] = [];
  let current: Section | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const header = HEADER.exec(line);
    const setting = SETTING.exec(line);
    if (header) current = sectionOf(found, header, i + 1);
    else if (setting && current) {
      const name = setting[1]!.toLowerCase();
      current.values[name] = setting[2] === undefined ? 'true' : unquote(setting[2], i + 1);
      current.lines[name] = i + 1;
    } else throw new SyntaxError(`line ${i + 1}: "${line}" is neither a section nor a setting`);
  }
  return found;
}

/** The section that a header begins or goes on with. */
function sectionOf(found: Section[], header: RegExpExecArray, line: number): Section {
  const kind = header[1]!.toLowerCase();
  const name = unquote(`"${header[2] ?? ''}"`, line);
  const known = found.find((s) => s.kind === kind && s.name === name);
  if (known) return known;
  const section: Section = { kind, name, line, values: {}, lines: {} };
  found.push(section);
  return section;
}

const escapes: Record<string, string> = { '\\': '\\', '"': '"', n: '\n', t: '\t', b: '\b' };

/** A value without its quotes, escapes resolved, up to a comment. */
function unquote(value: string, line: number): string {
  let out = '';
  // What a comment or the end cuts off: spaces, but not those in quotes.
  let kept = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (c === '"') quoted = !quoted;
    else if ((c === ';' || c === '#') && !quoted) break;
    else if (c !== '\\') out += c;
    else out += escapeOf(value[++i] ?? '', quoted, line);
    if (quoted || !/\s/.test(c)) kept = out.length;
  }
  if (quoted) throw new SyntaxError(`line ${line}: a quote is not closed; \\" is a quote in the text`);
  return out.slice(0, kept);
}

/** Outside quotes a quote is all that can be escaped. */
function escapeOf(c: string, quoted: boolean, line: number): string {
  const escaped = quoted || c === '"' ? escapes[c] : undefined;
  if (escaped === undefined)
    throw new SyntaxError(`line ${line}: \\${c} is no escape here; "\\\\" in quotes is a backslash`);
  return escaped;
}
