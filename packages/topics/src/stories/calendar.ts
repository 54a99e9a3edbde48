import { tokenise } from '@afk/text';

// Half of a French place's name is "Saint". When something happens does not tell what happens: left in, "this week-end" and "January" gather whatever the day
// brought. Numbers stay: they do tell (737, G7, COVID-19).
const WORDS = {
  fr: `lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août septembre
    octobre novembre décembre jour journée semaine week end weekend mois an année ans matin soir soirée nuit heure
    heures minute direct live vidéo vidéos photo photos saint sainte`,
  en: `monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december day week weekend month year morning evening night hour minute
    live video videos photo photos update`,
};

const termsOf = (language: 'fr' | 'en'): ReadonlySet<string> =>
  new Set(tokenise(WORDS[language], language).map((token) => token.term));

/** Terms of dates and of a headline's furniture ("video", "live", "Saint-"), by language. */
export const CALENDAR: Readonly<Record<'fr' | 'en' | 'und', ReadonlySet<string>>> = {
  fr: termsOf('fr'),
  en: termsOf('en'),
  und: new Set(),
};
