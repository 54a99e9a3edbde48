/** '…', `…`, "…", and a word without quotes. */
const parts = {
  ofelia: /'((?:[^'\\]|\\.)*)'|`([^`]*)`|"((?:[^"\\]|\\.)*)"|((?:[^\s\\]|\\.)+)/gs,
  sh: /'([^']*)'|`([^`]*)`|"((?:[^"\\]|\\.)*)"|((?:[^\s\\]|\\.)+)/gs,
};

/**
 * A command's words. Ofelia takes a backslash as an escape in '…' too, leaves `…` as it stands and keeps
 * quotes within a word; a shell does none of these.
 */
export function words(command: string, by: 'ofelia' | 'sh' = 'ofelia'): string[] {
  const quotes = by === 'sh' ? /\\(.)|["']/gs : /\\(.)/gs;
  const plain = (text: string): string => text.replaceAll(quotes, (_, escaped?: string) => escaped ?? '');
  return [...command.matchAll(parts[by])].map(([, single, raw, double, bare]) => {
    if (single !== undefined) return by === 'sh' ? single : plain(single);
    return raw ?? double?.replaceAll(/\\(.)/gs, '$1') ?? plain(bare ?? '');
  });
}
