/**
 * The 17 top-level IPTC Media Topics, AFK's categories.
 * Codes: https://cv.iptc.org/newscodes/mediatopic/ (medtop:NNNNNNNN).
 */
export const categories = [
  {
    id: 'arts_culture_entertainment',
    code: '01000000',
    en: 'Arts & entertainment',
    fr: 'Arts et divertissement',
  },
  { id: 'conflict_war_peace', code: '16000000', en: 'Conflict & peace', fr: 'Conflits et paix' },
  { id: 'crime_law_justice', code: '02000000', en: 'Crime & justice', fr: 'Police et justice' },
  { id: 'disaster_accident', code: '03000000', en: 'Disasters & accidents', fr: 'Catastrophes et accidents' },
  { id: 'economy_business_finance', code: '04000000', en: 'Economy & business', fr: 'Économie et finance' },
  { id: 'education', code: '05000000', en: 'Education', fr: 'Éducation' },
  { id: 'environment', code: '06000000', en: 'Environment', fr: 'Environnement' },
  { id: 'health', code: '07000000', en: 'Health', fr: 'Santé' },
  { id: 'human_interest', code: '08000000', en: 'Human interest', fr: 'Gens et insolite' },
  { id: 'labour', code: '09000000', en: 'Labour', fr: 'Travail et emploi' },
  { id: 'lifestyle_leisure', code: '10000000', en: 'Lifestyle & leisure', fr: 'Vie quotidienne et loisirs' },
  { id: 'politics', code: '11000000', en: 'Politics', fr: 'Politique' },
  { id: 'religion', code: '12000000', en: 'Religion', fr: 'Religion' },
  { id: 'science_technology', code: '13000000', en: 'Science & technology', fr: 'Sciences et technologies' },
  { id: 'society', code: '14000000', en: 'Society', fr: 'Société' },
  { id: 'sport', code: '15000000', en: 'Sport', fr: 'Sport' },
  { id: 'weather', code: '17000000', en: 'Weather', fr: 'Météo' },
] as const;

export type CategoryId = (typeof categories)[number]['id'];

export const categoryIds = categories.map((c) => c.id) as [CategoryId, ...CategoryId[]];

/** @returns the category of that id, or undefined where the id is not one of the 17. */
export function categoryOf(id: string | null | undefined): (typeof categories)[number] | undefined {
  return categories.find((c) => c.id === id);
}
