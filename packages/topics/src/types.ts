/** One headline as the models see it. */
export type Doc = {
  id: string;
  title: string;
  /** The beginning of the article, plain text; counts half as much as the title. */
  summary?: string;
  /** 'fr', 'en', a tag such as 'fr-CA', or 'und'. */
  language: string;
  /** Milliseconds since 1970. */
  publishedAt: number;
  publisher: string;
};
