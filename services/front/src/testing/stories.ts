import type { CategoryId } from '@afk/contracts';

/** Invented news for the fake API: no event, person or publisher here exists. */

export type Story = {
  category: CategoryId | null;
  keywords: string[];
  /** [language, title]; the first is the story's label. */
  headlines: [string, string][];
};

export const publishers: Record<string, string[]> = {
  en: [
    'The Harbour Gazette',
    'Northern Ledger',
    'Ashdown Post',
    'Meridian Wire',
    'The Quarterly Lamp',
    'Westmark Herald',
    'Copper Valley News',
    'The Evening Kestrel',
  ],
  fr: [
    'Le Courrier des Dunes',
    'La Voix du Plateau',
    'Le Phare de l’Ouest',
    'Dépêche de Valmorin',
    'L’Éclaireur',
    'Gazette du Rhin bleu',
  ],
  de: ['Rheintaler Bote'],
};

export const stories: Story[] = [
  {
    category: 'environment',
    keywords: ['reservoir', 'drought', 'water', 'Valmorin', 'restrictions'],
    headlines: [
      ['en', 'Valmorin reservoir falls to a fifth of its capacity as the dry spring enters its ninth week'],
      ['fr', 'Le lac de Valmorin au plus bas : restrictions d’eau dans quarante communes'],
      ['en', 'Farmers draw up a rota for the last of the Valmorin water'],
      ['fr', 'Sécheresse : « nous comptons chaque litre », disent les maraîchers du plateau'],
      ['en', 'Engineers to pipe water from the northern lakes by May'],
      ['en', 'What the mud is giving back: a drowned village returns to the light'],
      ['fr', 'À Valmorin, le clocher englouti réapparaît'],
      ['de', 'Trockenheit: Stausee von Valmorin so leer wie nie zuvor'],
      ['en', 'Council weighs hosepipe ban before the Easter weekend'],
    ],
  },
  {
    category: 'politics',
    keywords: ['coalition', 'budget', 'vote', 'assembly', 'Orsay-Lang'],
    headlines: [
      ['en', 'Coalition talks run past midnight with the transport budget still open'],
      ['fr', 'Budget des transports : la coalition joue les prolongations'],
      ['en', 'Three parties, one railway: what is holding up the deal'],
      ['fr', 'La présidente de l’assemblée appelle à « une nuit de plus »'],
      ['en', 'Minority partner threatens to walk out over rural lines'],
    ],
  },
  {
    category: 'economy_business_finance',
    keywords: ['central bank', 'rates', 'inflation', 'mortgages'],
    headlines: [
      ['en', 'Central bank holds rates and hints at a first cut before the summer'],
      ['fr', 'Taux inchangés : la banque centrale ouvre la porte à une baisse en juin'],
      ['en', 'Mortgage lenders trim fixed offers within hours of the decision'],
      ['en', 'Inflation slows to 2.1 per cent as energy bills ease'],
      ['fr', 'L’inflation recule à 2,1 %, les loyers résistent'],
    ],
  },
  {
    category: 'science_technology',
    keywords: ['probe', 'comet', 'sample', 'Halvorsen', 'capsule'],
    headlines: [
      ['en', 'Capsule with a thimble of comet dust lands on target after seven years'],
      ['fr', 'Sept ans de voyage pour une pincée de poussière de comète'],
      ['en', 'Inside the clean room where the Halvorsen sample will be opened'],
      ['en', 'Amateur trackers filmed the capsule’s last minute in the sky'],
    ],
  },
  {
    category: 'sport',
    keywords: ['cup', 'quarter-final', 'penalties', 'Kestrels'],
    headlines: [
      ['en', 'Third-tier Kestrels reach the cup semi-finals on penalties'],
      ['fr', 'Coupe : le petit poucet s’invite dans le dernier carré'],
      ['en', 'A goalkeeper, a plumber, and the save of the season'],
      ['fr', 'Tirs au but, larmes et klaxons : la nuit des Crécerelles'],
    ],
  },
  {
    category: 'health',
    keywords: ['measles', 'vaccination', 'schools', 'outbreak'],
    headlines: [
      ['fr', 'Rougeole : la campagne de rattrapage vaccinal démarre dans les collèges'],
      ['en', 'Catch-up vaccination opens in schools after spring measles cluster'],
      ['fr', 'Vaccins : les infirmières scolaires en première ligne'],
      ['en', 'Cases level off, but clinics ask for another month of care'],
    ],
  },
  {
    category: 'labour',
    keywords: ['dockers', 'strike', 'port', 'automation'],
    headlines: [
      ['fr', 'Grève des dockers : trois ports à l’arrêt, les discussions reprennent jeudi'],
      ['en', 'Dockers’ walkout closes three ports; talks resume on Thursday'],
      ['en', 'The crane that drives itself, and the people who used to'],
      ['fr', 'Automatisation des quais : ce que demandent les syndicats'],
    ],
  },
  {
    category: 'arts_culture_entertainment',
    keywords: ['film festival', 'Lumen', 'debut', 'jury'],
    headlines: [
      ['en', 'A debut shot in one stairwell takes the Lumen festival’s main prize'],
      ['fr', 'Festival Lumen : le grand prix à un premier film tourné dans un seul escalier'],
      ['en', 'The jury that argued for nine hours, in its own words'],
    ],
  },
  {
    category: 'disaster_accident',
    keywords: ['landslide', 'road', 'valley', 'evacuation'],
    headlines: [
      ['fr', 'Éboulement dans la vallée de l’Orne-Haute : la route coupée, un hameau évacué'],
      ['en', 'Landslide cuts the Orne-Haute road and empties a hamlet'],
      ['fr', 'Les géologues surveillent une seconde fissure au-dessus du village'],
    ],
  },
  {
    category: 'crime_law_justice',
    keywords: ['trial', 'forgery', 'paintings', 'dealer'],
    headlines: [
      ['en', 'Forger tells court he painted “at least forty” landscapes now hanging in museums'],
      ['fr', 'Procès du faussaire : « j’ai signé à la place de mieux que moi »'],
      ['en', 'Museums quietly recheck their walls as the trial goes on'],
    ],
  },
  {
    category: 'education',
    keywords: ['exams', 'pupils', 'handwriting', 'schools'],
    headlines: [
      ['en', 'Handwritten exams stay for five more years, ministry says'],
      ['fr', 'Examens : le stylo gardera sa place jusqu’en 2031'],
      ['en', 'Teachers split over typed essays after pilot in sixty schools'],
    ],
  },
  {
    category: 'weather',
    keywords: ['storm', 'wind', 'coast', 'ferries'],
    headlines: [
      ['fr', 'Tempête Isaure : vents à 120 km/h attendus sur la côte dans la nuit'],
      ['en', 'Storm Isaure: ferries stay in harbour as the wind turns north-west'],
      ['fr', 'Isaure : ce qui ferme, ce qui reste ouvert vendredi'],
    ],
  },
  {
    category: 'society',
    keywords: ['housing', 'rents', 'students', 'empty flats'],
    headlines: [
      ['en', 'City to map every empty flat in a bid to house its students by autumn'],
      ['fr', 'Logements vides : la ville veut compter avant de convaincre'],
    ],
  },
  {
    category: 'conflict_war_peace',
    keywords: ['ceasefire', 'monitors', 'border', 'crossing'],
    headlines: [
      ['en', 'Ceasefire monitors report a second quiet week along the northern border'],
      ['fr', 'Cessez-le-feu : le point de passage de Terva rouvre aux familles'],
      ['en', 'First buses cross at Terva after eleven months'],
    ],
  },
  {
    category: 'lifestyle_leisure',
    keywords: ['bread', 'bakers', 'rye', 'sourdough'],
    headlines: [
      ['fr', 'Le retour du seigle : les boulangers misent sur un pain qui tient une semaine'],
      ['en', 'Rye is back: bakers bet on a loaf that lasts the week'],
    ],
  },
  {
    category: 'religion',
    keywords: ['cathedral', 'bells', 'restoration'],
    headlines: [
      ['en', 'After twelve years of scaffolding the cathedral’s bells ring again'],
      ['fr', 'La cathédrale retrouve ses cloches, douze ans après'],
    ],
  },
  {
    category: 'human_interest',
    keywords: ['lighthouse', 'keeper', 'letters'],
    headlines: [
      ['en', 'The lighthouse keeper who answered every letter, for forty-one years'],
      ['fr', 'Quarante et un ans de lettres : le gardien de phare répondait à tout le monde'],
    ],
  },
  {
    category: 'science_technology',
    keywords: ['battery', 'sodium', 'buses', 'plant'],
    headlines: [
      ['en', 'Sodium battery plant ships its first packs to a city bus fleet'],
      ['fr', 'Batteries au sodium : les premiers bus livrés'],
      ['en', 'Cheap, heavy, hard to burn: the case for salt'],
    ],
  },
  {
    category: 'economy_business_finance',
    keywords: ['cocoa', 'prices', 'harvest', 'chocolate'],
    headlines: [
      ['en', 'Cocoa slips to a two-year low as the mid-crop surprises traders'],
      ['fr', 'Cacao : les cours retombent, les chocolatiers respirent'],
    ],
  },
  {
    category: 'politics',
    keywords: ['mayor', 'recount', 'ballots'],
    headlines: [
      ['en', 'Mayoral recount ends with a margin of eleven votes'],
      ['fr', 'Recomptage : onze voix d’écart, et une mairie'],
      ['en', 'The boxes in the gymnasium: how a city counts twice'],
    ],
  },
  {
    category: 'sport',
    keywords: ['cycling', 'cobbles', 'breakaway', 'Delorme'],
    headlines: [
      ['fr', 'Delorme s’impose en solitaire après 180 kilomètres d’échappée'],
      ['en', 'Delorme wins alone after a breakaway nobody chased'],
    ],
  },
  {
    category: null,
    keywords: ['quiz', 'word of the day'],
    headlines: [
      ['en', 'Ten things we learned this week'],
      ['fr', 'La question du jour'],
    ],
  },
  {
    category: 'politics',
    keywords: ['pensions', 'reform', 'senate'],
    headlines: [
      ['fr', 'Retraites : le sénat renvoie le texte en commission'],
      ['en', 'Senate sends the pension bill back to committee'],
    ],
  },
  {
    category: 'environment',
    keywords: ['wolves', 'census', 'uplands'],
    headlines: [
      ['en', 'Wolf count in the uplands passes one hundred for the first time'],
      ['fr', 'Loups : le comptage dépasse la centaine'],
    ],
  },
];

/** Headlines as an attacker, or a careless publisher, would write them. */
export const hostile: Story = {
  category: 'human_interest',
  keywords: [
    '<img src=x onerror=alert(2)>',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  ],
  headlines: [
    ['en', '<script>window.__pwned = true</script> & “quotes” shown as they were written'],
    ['en', `An unbreakable word: ${'supercalifragilistic'.repeat(9)}`],
    ['fr', '</title><img src=x onerror="window.__pwned = true"> n’est qu’un titre'],
  ],
};
