export { runSteps, runStepsAsync } from './cooperate.ts';
export type { Steps } from './cooperate.ts';
export { fold, titleKey } from './fold.ts';
export { detectLanguage, languageOf } from './language.ts';
export type { Language } from './language.ts';
export { isStopWord, stem, terms, tokenise } from './tokenise.ts';
export type { Token } from './tokenise.ts';
export { splitWords } from './words.ts';
export type { Word } from './words.ts';
