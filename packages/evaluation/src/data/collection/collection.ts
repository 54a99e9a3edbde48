import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Grades } from '../../metrics/ranking.ts';
import { collectionFiles } from './files.ts';
import { elementsOf, textOf } from './markup.ts';
import { numbered, type Question } from './numbering.ts';

export type SearchDocument = { id: string; title: string; text: string };
/** `grades`: the relevant documents, grade above 0; at least one. */
export type JudgedQuestion = { text: string; grades: Grades };

export type Collection = {
  documents: SearchDocument[];
  questions: JudgedQuestion[];
  /** What a reader must know: how queries are numbered, what was left out. */
  notes: string[];
};

/** Share of a file that may be unreadable before it is refused: figures on the rest would be of other data. */
const MOST_UNREADABLE = 0.01;

/**
 * A test collection as TREC has them, in three files found by what is in them: documents (`<doc>` with `<docno>`, `<title>`,
 * `<text>`), queries (`<top>` with `<num>`, `<title>`), judgements (query, anything, document, grade a line; grades of 0 and below
 * are "not relevant").
 *
 * @throws Error that names the file and what is wrong with it
 */
export function readCollection(folder: string): Collection {
  const files = collectionFiles(folder);
  const documents = readDocuments(files.documents);
  const questions = readQuestions(files.queries);
  const judged = readJudgements(files.judgements);
  const { gradesOf, note } = numbered(questions, judged, documents, files.judgements);
  const known = new Set(documents.map(({ id }) => id));
  const foreign = judged.filter(({ document }) => !known.has(document)).length;
  if (foreign === judged.length)
    throw new Error(`${files.judgements}: judges no document of ${basename(files.documents)}`);
  const relevant = questions.flatMap(({ text }, i) => {
    const grades = gradesOf(i);
    return grades.size > 0 ? [{ text, grades }] : [];
  });
  if (relevant.length === 0) throw new Error(`${files.judgements}: no document is relevant to any query`);
  const [blank, idle] = [documents.filter(isBlank).length, questions.length - relevant.length];
  const notes = [
    note,
    ...(blank > 0 ? [`Documents without a word, which nothing can find: ${blank}.`] : []),
    ...(idle > 0 ? [`Queries left out because no document is relevant to them: ${idle}.`] : []),
    ...(foreign > 0 ? [`Judgements of documents that are not there, kept as misses: ${foreign}.`] : []),
  ];
  return { documents, questions: relevant, notes };
}

const isBlank = ({ title, text }: SearchDocument): boolean => !/[\p{L}\p{N}]/u.test(`${title} ${text}`);

function readDocuments(file: string): SearchDocument[] {
  const elements = elementsOf(readFileSync(file, 'utf8'), 'doc');
  const documents = elements.flatMap((element) => {
    const id = textOf(element, 'docno');
    return id ? [{ id, title: textOf(element, 'title') ?? '', text: textOf(element, 'text') ?? '' }] : [];
  });
  mostly(file, elements.length, documents.length, 'documents (<doc>) have a <docno>');
  const seen = new Set<string>();
  for (const { id } of documents) {
    if (seen.has(id)) throw new Error(`${file}: two documents have the number ${id}`);
    seen.add(id);
  }
  if (documents.every(isBlank)) throw new Error(`${file}: no document has a <title> or a <text>`);
  return documents;
}

function readQuestions(file: string): Question[] {
  const elements = elementsOf(readFileSync(file, 'utf8'), 'top');
  const questions = elements.flatMap((element) => {
    // The topics of TREC's own collections close no tag: a piece ends where the next begins.
    const [num = '', title = ''] = ['num', 'title'].map((name) => upToNextTag(element, name));
    const id = num.replace(/^number:\s*/i, '');
    return id && title ? [{ id, text: title.replace(/^topic:\s*/i, '') }] : [];
  });
  mostly(file, elements.length, questions.length, 'queries (<top>) have a <num> and a <title>');
  return questions;
}

const upToNextTag = (element: string, name: string): string => {
  const found = new RegExp(`<${name}>([^<]*)`, 'i').exec(element)?.[1] ?? '';
  return textOf(`<x>${found}</x>`, 'x') ?? '';
};

export type Judgement = { query: string; document: string; grade: number };

function readJudgements(file: string): Judgement[] {
  const lines = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  const judgements = lines.flatMap((line): Judgement[] => {
    const fields = line.split(/\s+/);
    const [query, document, grade] = [fields[0], fields.at(-2), fields.at(-1)];
    const right = (fields.length === 3 || fields.length === 4) && /^-?\d+$/.test(grade!);
    return right ? [{ query: query!, document: document!, grade: Number(grade) }] : [];
  });
  mostly(file, lines.length, judgements.length, 'lines are judgements (query, 0, document, grade)');
  return judgements;
}

function mostly(file: string, all: number, read: number, what: string): void {
  if (read === 0 || all - read > Math.max(1, MOST_UNREADABLE * all))
    throw new Error(`${file}: ${read} of ${all} ${what}`);
}
