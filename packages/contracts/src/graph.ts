import type { Pipeline } from './pipeline.ts';

export type Edge = { from: string; to: string; label: string; kind: 'event' | 'request' };

/** Who reaches whom: an edge an event from emitter to listener, an edge a request from asker to server. */
export function edgesOf(pipeline: Pipeline): Edge[] {
  const services = Object.entries(pipeline.services);
  const events = services.flatMap(([to, s]) =>
    s.subscribes
      .filter((l) => l.channel !== '*')
      .flatMap((l) => l.events.map((label): Edge => ({ from: l.channel, to, label, kind: 'event' }))),
  );
  const asked = services.flatMap(([from, s]) =>
    s.asks.flatMap((label) =>
      services
        .filter(([, other]) => other.serves.includes(label))
        .map(([to]): Edge => ({ from, to, label, kind: 'request' })),
    ),
  );
  return [...events, ...asked];
}

/** The pipeline as a Mermaid flowchart. */
export function toMermaid(pipeline: Pipeline): string {
  const id = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '_');
  const nodes = [
    ...Object.keys(pipeline.sources).map((name) => `  ${id(name)}([${name}])`),
    ...Object.keys(pipeline.services).map((name) => `  ${id(name)}[${name}]`),
  ];
  const arrows = edgesOf(pipeline).map(({ from, to, label, kind }) =>
    kind === 'event' ? `  ${id(from)} -- ${label} --> ${id(to)}` : `  ${id(from)} -. ${label} .-> ${id(to)}`,
  );
  return ['flowchart LR', ...nodes, ...arrows].join('\n');
}
