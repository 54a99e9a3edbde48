// Packages that compile this source from outside would not see the ambient types otherwise.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./stopword.d.ts" />
import { eng, fra } from 'stopword';
import { fold } from './fold.ts';

// The lists of `stopword` leave out function words that headlines are full of, and reporting verbs
// that tie unrelated stories together ("… says", "selon …").
const MORE_FRENCH = `afin ainsi alors apres assez aucun aucune aujourdhui auquel aussi autant autour autre autres
  avant beaucoup bien car celle celles celui certains ceux chaque chez comme comment contre debut depuis des
  desormais devant deja doit doivent donc dont durant elles encore enfin entre etc face faire fait faut fois font
  hier hors il ils jamais jusque jusqu lors lorsqu lorsque lui meme mieux moins na ni non notamment nouveau
  nouvel nouvelle nouvelles parce parmi pendant peu peut peuvent plus plusieurs pourquoi presque puis puisqu
  puisque quand quelqu quelque quelques quoi quoiqu rien selon sera seront seul seule si sinon sont sous surtout
  tant tel telle toujours tous tout toute toutes tres trop va vers veut via voici voila vont vraiment y`;
const MORE_ENGLISH = `again against ahead already amid among anyone around ask asks away back cant dont down during even
  ever every few further goes going gets getting gives go good however im is isnt it its itself just last later
  less let lets look made makes may maybe new next no nor not off old one once ones ours own per put really
  said say saying says see she so something soon tell tells theres though today told tomorrow u until upon us
  use used using via vs want wants whats why whom whose will within without wont yes yesterday yet youre`;

const listOf = (words: readonly string[], more: string): ReadonlySet<string> =>
  new Set([...words.map(fold), ...more.split(/\s+/)]);

/** French stop words, folded. */
export const FRENCH: ReadonlySet<string> = listOf(fra, MORE_FRENCH);

// "us" is left out of the English list: folded, it is also the country in "US jobs report".
/** English stop words, folded. */
export const ENGLISH: ReadonlySet<string> = new Set(
  [...listOf(eng, MORE_ENGLISH)].filter((word) => word !== 'us'),
);
