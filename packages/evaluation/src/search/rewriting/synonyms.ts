import { fold } from '@afk/text';
import { asWritten, type NewsLanguage } from './words.ts';

/** Numbers as words; 1 is an article in both languages, and left out. */
const NUMBERS: Record<NewsLanguage, string> = {
  en: 'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
  fr: 'deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt',
};

/** Words of the news and others for them, either way. */
const PAIRS: Record<NewsLanguage, string> = {
  en:
    'film/movie car/vehicle shares/stocks kids/children boss/chief probe/investigation cuts/reductions deal/agreement study/research ' +
    'profit/earnings jobs/employment talks/negotiations doctors/physicians drug/medicine tv/television fans/supporters baby/infant ' +
    'home/house tech/technology app/application ad/advert firm/company plane/aircraft jet/airliner bid/offer crash/accident ' +
    'rise/increase fall/drop hike/increase buy/acquire launch/release unveils/reveals us/america uk/britain wedding/marriage ' +
    'pregnant/expecting star/celebrity singer/vocalist director/filmmaker lawsuit/litigation report/announcement warns/cautions ' +
    'delay/postponement search/hunt cancer/tumour risk/danger ban/prohibition growth/expansion big/large new/latest sales/revenue',
  fr:
    'mort/décès voiture/automobile policiers/gendarmes grève/mobilisation manifestation/cortège entreprise/société ' +
    'médecins/docteurs prix/tarifs baisse/recul hausse/augmentation accident/collision procès/audience enquête/investigation ' +
    'football/foot match/rencontre victoire/succès défaite/revers incendie/feu avion/appareil loi/texte enfants/gamins ' +
    'travail/emploi vélo/bicyclette télévision/télé attaque/agression blessés/victimes élèves/écoliers salaires/rémunérations ' +
    'réforme/projet négociations/discussions syndicats/intersyndicale retrait/abandon tempête/ouragan logement/habitation ' +
    'maison/demeure ville/commune argent/sommes entraîneur/coach joueur/footballeur équipe/formation équipes/formations ' +
    'annonce/déclare dénonce/critique soutien/appui crise/tensions frappes/bombardements guerre/conflit jeunes/adolescents',
};

const tables: Record<NewsLanguage, ReadonlyMap<string, string>> = { en: tableOf('en'), fr: tableOf('fr') };

function tableOf(language: NewsLanguage): Map<string, string> {
  const table = new Map<string, string>();
  const add = (from: string, to: string): void => void (table.has(fold(from)) || table.set(fold(from), to));
  for (const [i, word] of NUMBERS[language].split(' ').entries()) {
    add(word, String(i + 2));
    add(String(i + 2), word);
  }
  for (const pair of PAIRS[language].split(' ')) {
    const [one = '', other = ''] = pair.split('/');
    add(one, other);
    add(other, one);
  }
  return table;
}

/** Another word for this one; undefined where the list has none. "us" is a word of its own unless it is a name (US). */
export function synonymOf(word: string, language: NewsLanguage): string | undefined {
  if (word.toLowerCase() === 'us' && word !== 'US') return undefined;
  const other = tables[language].get(fold(word));
  return other && asWritten(other, word);
}
