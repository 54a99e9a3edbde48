import { runSteps } from '@afk/text';
import type { Doc } from '../../types.ts';
import { StoryWindow } from '../story-window.ts';
import type { StoredHeadline, StoryChanges, StoryOptions } from '../types.ts';

/** What a database keeps of a window, in a test: rows are written over, left ones deleted, bytes are copies. */
export class Shelf {
  readonly rows = new Map<string, StoredHeadline>();
  readonly examined = new Map<string, number>();
  weighedAt = 0;

  save(window: StoryWindow, changes: StoryChanges): void {
    for (const row of changes.headlines) {
      this.rows.set(row.headline, { ...row, vector: window.vectorOf(row.headline).slice() });
    }
    for (const id of changes.expired) this.rows.delete(id);
    for (const { id, examined } of changes.stories) this.examined.set(id, examined);
    for (const id of changes.gone) this.examined.delete(id);
    this.weighedAt = changes.weighedAt;
  }

  /** A window as another process would have it. `order`: of the rows and of the headlines, which must not matter. */
  restore(
    docs: ReadonlyMap<string, Doc>,
    options: StoryOptions,
    order = <T>(values: readonly T[]): T[] => [...values],
  ): StoryWindow {
    const rows = order([...this.rows.values()]);
    const known = rows.flatMap(({ headline }) => docs.get(headline) ?? []);
    const examined = order([...this.examined].map(([story, items]) => ({ story, items })));
    return runSteps(
      StoryWindow.restore({ headlines: rows, examined, weighedAt: this.weighedAt }, order(known), options),
    );
  }
}
