/** The IPTC Media Topics (first level, short names) that the demo stories cover. */
export type DemoTopic =
  | 'arts'
  | 'conflict'
  | 'crime'
  | 'disaster'
  | 'economy'
  | 'education'
  | 'environment'
  | 'health'
  | 'human interest'
  | 'labour'
  | 'lifestyle'
  | 'politics'
  | 'religion'
  | 'science'
  | 'society'
  | 'sport'
  | 'weather';

/** How a story's headlines are spread over the season. */
export type DemoCurve = 'rising' | 'fading' | 'steady' | 'merging' | 'splitting' | 'reviving';

/** One story: `slug` names its file `stories/<slug>.tsv`, `language` is that of most of its headlines. */
export interface DemoStory {
  readonly slug: string;
  readonly language: 'fr' | 'en';
  readonly topic: DemoTopic;
  readonly curve: DemoCurve;
}

export const stories: readonly DemoStory[] = [
  { slug: 'tunnel-valserin', language: 'fr', topic: 'disaster', curve: 'splitting' },
  { slug: 'enquete-ferrovale', language: 'fr', topic: 'crime', curve: 'splitting' },
  { slug: 'secheresse-ormelle', language: 'fr', topic: 'environment', curve: 'merging' },
  { slug: 'centrale-belmarais', language: 'fr', topic: 'economy', curve: 'merging' },
  { slug: 'motion-censure', language: 'fr', topic: 'politics', curve: 'rising' },
  { slug: 'seisme-sarvanie', language: 'fr', topic: 'disaster', curve: 'rising' },
  { slug: 'tour-des-cretes', language: 'fr', topic: 'sport', curve: 'fading' },
  { slug: 'prix-orphee', language: 'fr', topic: 'arts', curve: 'fading' },
  { slug: 'panne-telario', language: 'fr', topic: 'economy', curve: 'fading' },
  { slug: 'reforme-lycee', language: 'fr', topic: 'education', curve: 'steady' },
  { slug: 'vaccin-palvax', language: 'fr', topic: 'health', curve: 'steady' },
  { slug: 'pelerinage-morlange', language: 'fr', topic: 'religion', curve: 'steady' },
  { slug: 'vol-saulnier', language: 'fr', topic: 'arts', curve: 'reviving' },
  { slug: 'stannard-hospitals-hack', language: 'en', topic: 'health', curve: 'splitting' },
  { slug: 'grey-heron-suspect', language: 'en', topic: 'crime', curve: 'splitting' },
  { slug: 'brackenport-refinery-strike', language: 'en', topic: 'labour', curve: 'merging' },
  { slug: 'petrol-queues', language: 'en', topic: 'economy', curve: 'merging' },
  { slug: 'storm-isolde', language: 'en', topic: 'weather', curve: 'rising' },
  { slug: 'ambergate-bank', language: 'en', topic: 'economy', curve: 'rising' },
  { slug: 'cup-final', language: 'en', topic: 'sport', curve: 'fading' },
  { slug: 'lighthouse-boy', language: 'en', topic: 'human interest', curve: 'fading' },
  { slug: 'kelmar-ceasefire', language: 'en', topic: 'conflict', curve: 'fading' },
  { slug: 'probe-halcyon', language: 'en', topic: 'science', curve: 'steady' },
  { slug: 'rent-cap-bill', language: 'en', topic: 'society', curve: 'steady' },
  { slug: 'winter-swimmers', language: 'en', topic: 'lifestyle', curve: 'steady' },
  { slug: 'trawler-morning-grace', language: 'en', topic: 'disaster', curve: 'reviving' },
];

/** Files of headlines that belong to no story. */
export const singles = ['singles-fr', 'singles-en'] as const;

/**
 * Where one story becomes two or two become one.
 * `hour` (of the season) is that of the first headline after the event. In a merge, the headlines that
 * treat both stories stand under the surviving one; in a split, the new story has a file of its own.
 */
export interface DemoLineage {
  readonly kind: 'merge' | 'split';
  readonly from: readonly string[];
  readonly into: readonly string[];
  readonly hour: number;
}

export const demoLineage: readonly DemoLineage[] = [
  {
    kind: 'split',
    from: ['stannard-hospitals-hack'],
    into: ['stannard-hospitals-hack', 'grey-heron-suspect'],
    hour: 36.8,
  },
  { kind: 'split', from: ['tunnel-valserin'], into: ['tunnel-valserin', 'enquete-ferrovale'], hour: 38.2 },
  {
    kind: 'merge',
    from: ['brackenport-refinery-strike', 'petrol-queues'],
    into: ['petrol-queues'],
    hour: 45.4,
  },
  {
    kind: 'merge',
    from: ['secheresse-ormelle', 'centrale-belmarais'],
    into: ['centrale-belmarais'],
    hour: 46.3,
  },
];
