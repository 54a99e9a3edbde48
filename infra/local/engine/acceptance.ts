import { after, before } from 'node:test';
import { findEngine, type Engine } from './engine.ts';
import { note } from './notes.ts';
import { freshClone } from './phases/fresh-clone.ts';
import { observability } from './phases/observability.ts';
import { restore } from './phases/restore.ts';
import { size } from './phases/size.ts';
import { violence } from './phases/violence.ts';
import { prepare, type Stack } from './stack.ts';

/**
 * compose.yml on a real engine, from a fresh clone to a restored backup. One story: each test goes on where
 * the one before it ended, and they print what they measured.
 */
let engine: Engine | undefined;
let prepared: Stack | undefined;

before(async () => {
  const found = await findEngine(note);
  if (typeof found === 'string') throw new Error(found);
  engine = found;
  prepared = await prepare(engine, note);
  const { standIns } = prepared;
  note(standIns.length > 0 ? `stand-ins: ${standIns.join(', ')}` : 'every image is the real one');
});

after(async () => {
  await prepared?.project.remove();
  await engine?.stop();
});

function stack(): Stack {
  if (!prepared) throw new Error('there is no stack');
  return prepared;
}

const phases = { freshClone, restore, observability, violence, size };
/** `PHASES=violence,size npm run test:compose`: some of them, each after the first, which builds and starts. */
const wanted = process.env['PHASES']?.split(',');
for (const [name, phase] of Object.entries(phases)) {
  if (!wanted || name === 'freshClone' || wanted.includes(name)) phase(stack);
}
