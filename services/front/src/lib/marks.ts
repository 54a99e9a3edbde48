/** Stretches of a text, [start, end), UTF-16 code units, in order. */
export type Ranges = readonly (readonly [start: number, end: number])[];
export type Segment = { text: string; marked: boolean };

/** A text in its marked and its other parts. What lies outside of it, or before what came already, marks nothing. */
export function segmentsOf(text: string, ranges: Ranges): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (const [start, end] of ranges) {
    if (start < at || end <= start || end > text.length) continue;
    if (start > at) segments.push({ text: text.slice(at, start), marked: false });
    segments.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) segments.push({ text: text.slice(at), marked: false });
  return segments;
}

/** About as many characters as two lines hold. */
const excerptLength = 170;
/** Words of what stands before the first mark, characters. */
const before = 60;

/** The part of a longer text around its first mark, from word to word; undefined where nothing is marked. */
export function excerptOf(text: string, ranges: Ranges): { text: string; ranges: Ranges } | undefined {
  const [first] = ranges;
  if (!first) return undefined;
  const start = first[0] <= before ? 0 : wordAfter(text, first[0] - before, first[0]);
  const end = Math.max(first[1], wordBefore(text, start + excerptLength));
  const [lead, tail] = [start > 0 ? '… ' : '', end < text.length ? ' …' : ''];
  const shift = lead.length - start;
  const inside = ranges.filter(([from, to]) => from >= start && to <= end);
  return {
    text: lead + text.slice(start, end) + tail,
    ranges: inside.map(([from, to]) => [from + shift, to + shift] as const),
  };
}

function wordAfter(text: string, from: number, most: number): number {
  const space = text.indexOf(' ', from);
  return space >= 0 && space < most ? space + 1 : most;
}

function wordBefore(text: string, to: number): number {
  if (to >= text.length) return text.length;
  const space = text.lastIndexOf(' ', to);
  return space > 0 ? space : to;
}
