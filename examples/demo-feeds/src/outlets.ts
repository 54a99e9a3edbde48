/** How an outlet is read: its language and the one feed format it publishes. */
export interface DemoOutlet {
  readonly slug: string;
  readonly title: string;
  readonly language: 'fr' | 'en';
  readonly format: 'rss' | 'rdf' | 'atom' | 'json';
}

/**
 * How an outlet's software writes a title, as real publishing systems differ:
 * `text` escapes what XML must, `cdata` wraps, `numeric` turns every non-ASCII letter into a character
 * reference, `html` writes HTML with named entities and escapes that once more (legitimate in Atom's
 * `type="html"`, a common bad habit in RSS).
 */
export type TitleDress = 'text' | 'cdata' | 'numeric' | 'html';

/** An outlet with what its feed says about itself. `bylines` sign in turn. */
export interface Outlet extends DemoOutlet {
  readonly description: string;
  readonly titles: TitleDress;
  readonly bylines: readonly string[];
}

/** Everything here is invented, and `.example` is reserved by RFC 2606: no link leads anywhere. */
export const outlets: readonly Outlet[] = [
  {
    slug: 'quotidien',
    title: 'Le Quotidien de Saint-Orle',
    language: 'fr',
    format: 'rss',
    description: 'Le journal de référence : politique, monde, culture.',
    titles: 'cdata',
    bylines: ['Camille Estève', 'Rodolphe Vanel', 'Hanna Kessous', 'Loïc Thévenard'],
  },
  {
    slug: 'abp',
    title: 'Agence brévannaise de presse',
    language: 'fr',
    format: 'atom',
    description: 'Les dépêches, brèves et factuelles.',
    titles: 'text',
    bylines: ['ABP'],
  },
  {
    slug: 'gazette-ormelle',
    title: 'La Gazette de l’Ormelle',
    language: 'fr',
    format: 'rss',
    description: 'Le quotidien régional de Tournac, Vernoise et Lavières : la vie vue d’ici.',
    titles: 'html',
    bylines: ['Josiane Pradel', 'Mathieu Orsat', 'Correspondance locale'],
  },
  {
    slug: 'radio-aubremer',
    title: 'Radio Aubremer',
    language: 'fr',
    format: 'rdf',
    description: 'La radio publique : l’essentiel en une phrase.',
    titles: 'text',
    bylines: ['Rédaction de Radio Aubremer'],
  },
  {
    slug: 'echo-marches',
    title: 'L’Écho des marchés',
    language: 'fr',
    format: 'json',
    description: 'Entreprises, Bourse et conjoncture, chiffres à l’appui.',
    titles: 'text',
    bylines: ['Nora Baillarguet', 'Simon Treil'],
  },
  {
    slug: 'grand-stade',
    title: 'Le Grand Stade',
    language: 'fr',
    format: 'rss',
    description: 'Tout le sport, avec passion.',
    titles: 'text',
    bylines: ['Fabrice Locatel', 'Jade Monnerie'],
  },
  {
    slug: 'seve',
    title: 'Sève, sciences et nature',
    language: 'fr',
    format: 'atom',
    description: 'Le magazine des sciences, de la santé et de l’environnement.',
    titles: 'html',
    bylines: ['Ingrid Palou', 'Dr Basile Ferrand'],
  },
  {
    slug: 'wexmoor-courier',
    title: 'The Wexmoor Courier',
    language: 'en',
    format: 'rss',
    description: 'Caldermark’s newspaper of record since 1841.',
    titles: 'cdata',
    bylines: ['Imogen Harcastle', 'Daniel Obuya', 'Frances Wray', 'Theo Lindgate'],
  },
  {
    slug: 'caldermark-wire',
    title: 'Caldermark Wire',
    language: 'en',
    format: 'atom',
    description: 'Agency copy: fast, plain and attributed.',
    titles: 'text',
    bylines: ['Caldermark Wire staff'],
  },
  {
    slug: 'nine-harrowick',
    title: 'Channel Nine Harrowick',
    language: 'en',
    format: 'rdf',
    description: 'Local television news, as it happens.',
    titles: 'numeric',
    bylines: ['Gail Morrow', 'Ruth Aske', 'Nine newsdesk'],
  },
  {
    slug: 'ledger-post',
    title: 'The Ledger Post',
    language: 'en',
    format: 'json',
    description: 'Business, markets and money.',
    titles: 'text',
    bylines: ['Adrian Coyle', 'Mei Stannage'],
  },
  {
    slug: 'touchline',
    title: 'Touchline Daily',
    language: 'en',
    format: 'rss',
    description: 'Sport from first whistle to last word.',
    titles: 'text',
    bylines: ['Kit Barrowby', 'Sal Nyoni'],
  },
  {
    slug: 'long-shore',
    title: 'The Long Shore',
    language: 'en',
    format: 'json',
    description: 'Essays, arts and the unhurried view.',
    titles: 'text',
    bylines: ['Orla Fenn', 'Marcus Thewlow'],
  },
  {
    slug: 'evening-star',
    title: 'Tidewell Evening Star',
    language: 'en',
    format: 'rss',
    description: 'The people’s paper: loud, local and fond of a pun.',
    titles: 'numeric',
    bylines: ['Debbie Stroud', 'Star reporter'],
  },
];

const bySlug = new Map(outlets.map((outlet) => [outlet.slug, outlet]));

/** The outlet of that slug; `RangeError` naming the slug if there is none. */
export function outletOf(slug: string): Outlet {
  const outlet = bySlug.get(slug);
  if (outlet === undefined) throw new RangeError(`unknown demo outlet: "${slug}"`);
  return outlet;
}
