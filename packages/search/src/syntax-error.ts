/** The query says what cannot be understood; the message names it and says what would be right. */
export class QuerySyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QuerySyntaxError';
  }
}

/** Longer ones are cut in a message, characters. */
const SHOWN = 60;

/** A part of a query for a message. */
export function shortened(part: string): string {
  const characters = [...part];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : part;
}

export const named = (part: string): string => `"${shortened(part)}"`;
