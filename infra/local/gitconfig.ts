/** A section of a file in git's syntax: `[kind "name"]` and its settings; of one given twice, the last. */
export type Section = { kind: string; name: string; values: Record<string, string> };

const HEADER = /^\[\s*([\w-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
const SETTING = /^([A-Za-z][\w-]*)\s*=\s*(.*)$/s;

/**
 * Reads the syntax of git's configuration files, which is Ofelia's too (it reads with gcfg, a Go port).
 * It looks like INI, but quotes and backslashes mean something: `'{"a":1}'` comes out as `'{a:1}'`.
 *
 * @throws SyntaxError naming the line
 */
export function parseGitConfig(text: string): Section[] {
  const found: Section[] = [];
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const header = HEADER.exec(line);
    const setting = SETTING.exec(line);
    if (header) found.push({ kind: header[1]!, name: unquote(`"${header[2] ?? ''}"`, i + 1), values: {} });
    else if (setting && found.length > 0)
      found.at(-1)!.values[setting[1]!.toLowerCase()] = unquote(setting[2]!, i + 1);
    else throw new SyntaxError(`line ${i + 1}: "${line}" is neither a section nor a setting`);
  }
  return found;
}

const escapes: Record<string, string> = { '\\': '\\', '"': '"', n: '\n', t: '\t', b: '\b' };

/** A value without its quotes, escapes resolved, up to a comment. */
function unquote(value: string, line: number): string {
  let out = '';
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!;
    if (c === '"') quoted = !quoted;
    else if ((c === ';' || c === '#') && !quoted) return out.trimEnd();
    else if (c !== '\\') out += c;
    else {
      const escaped = escapes[value[++i] ?? ''];
      if (escaped === undefined)
        throw new SyntaxError(`line ${line}: \\${value[i] ?? ''} is no escape; \\\\ is a backslash`);
      out += escaped;
    }
  }
  if (quoted) throw new SyntaxError(`line ${line}: a quote is not closed; \\" is a quote in the text`);
  return out;
}
