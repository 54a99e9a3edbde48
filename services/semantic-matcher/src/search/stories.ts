import { storylinesOf, type Pool, type Storyline } from '@afk/database';

/** How long a headline's story is taken to be the same, ms: a run that changes it takes longer to be shown. */
const FRESH_MS = 2000;
/** Headlines that are remembered. */
const REMEMBERED = 20_000;

type Known = { at: number; line: Storyline | undefined };

/** The stories of hits. Under load the same headlines are asked for again and again. */
export class Stories {
  private readonly db: Pool;
  private readonly known = new Map<string, Known>();

  constructor(db: Pool) {
    this.db = db;
  }

  /** By headline; those that stand alone are left out. */
  async of(ids: readonly string[]): Promise<Map<string, Storyline>> {
    const now = performance.now();
    const lines = new Map<string, Storyline | undefined>();
    for (const id of ids) {
      const known = this.known.get(id);
      if (known && now - known.at < FRESH_MS) lines.set(id, known.line);
    }
    const unknown = ids.filter((id) => !lines.has(id));
    if (unknown.length > 0) {
      const found = await storylinesOf(this.db, unknown);
      if (this.known.size > REMEMBERED) this.known.clear();
      for (const id of unknown) {
        lines.set(id, found.get(id));
        this.known.set(id, { at: now, line: found.get(id) });
      }
    }
    return new Map([...lines].filter((entry): entry is [string, Storyline] => entry[1] !== undefined));
  }
}
