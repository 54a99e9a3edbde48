/** How often the event loop is looked at, ms. */
const EVERY_MS = 200;
/** A tick that comes this much too late means that the loop stood still, ms. */
const LATE_MS = 500;
/** What was waiting on sockets meanwhile is read within this time afterwards, ms. */
const AFTERMATH_MS = 2000;

let watchers = 0;
let timer: NodeJS.Timeout | undefined;
let lastTick = 0;
let stall = { ms: 0, until: 0 };

/** Watches this process for times in which it stood still. @returns what ends the watch */
export function watchStandstill(): () => void {
  watchers++;
  lastTick = Date.now();
  timer ??= setInterval(look, EVERY_MS).unref();
  return () => {
    if (--watchers > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function look(): void {
  const now = Date.now();
  const late = now - lastTick - EVERY_MS;
  if (late > LATE_MS) stall = { ms: late, until: now + AFTERMATH_MS };
  lastTick = now;
}

/** How long this process stood still just before what it handles now, ms; 0 where it did not. */
export function standstillMs(): number {
  const now = Date.now();
  const unseen = timer ? Math.max(0, now - lastTick - EVERY_MS) : 0;
  return Math.max(unseen > LATE_MS ? unseen : 0, now < stall.until ? stall.ms : 0);
}
