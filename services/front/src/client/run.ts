import { refreshPart } from './refresh.ts';

/** Keeps a run that is under way up to date; stops with it, and rests while nobody looks. */
const everyMs = 3000;

async function follow(): Promise<void> {
  while (document.querySelector('#live[data-running]')) {
    await new Promise((done) => setTimeout(done, everyMs));
    if (document.visibilityState === 'hidden') continue;
    // A failed refresh (a restart, a lost network) is no news: the next one tells.
    await refreshPart('#live', location.href).catch(() => undefined);
  }
}

void follow();
