import { readFileSync } from 'node:fs';
import { sendBroadcast } from '@afk/bus';
import { shippedExamples, shippedFingerprint, unpackModel } from '@afk/classifier-bridge/training';
import {
  activateModel,
  deleteModel,
  listModels,
  modelBody,
  modelOf,
  shippedModel,
  type ModelRow,
  type Pool,
} from '@afk/database';
import type { Command } from 'commander';
import type { Act, Deps } from '../program.ts';
import { asPage, asTable, besides, outcome, unheard } from './models-text.ts';
import { trainModel, type TrainOptions } from './train-model.ts';

/** What stands for the version of the model that this AFK came with. */
const SHIPPED = 'shipped';

export function modelCommands(program: Command, act: Act): void {
  const models = program.command('models').description('The linear models that classify headlines');
  models
    .command('list')
    .description('List them with their figures, newest first')
    .action(
      act(async ({ connections, out }) => {
        const rows = await listModels(connections.db());
        out.data(rows, (list) =>
          list.length === 0 ? 'no models yet: the first start trains one' : asTable(list),
        );
      }),
    );
  models
    .command('show')
    .description('All that is known of one')
    .argument('<version>', 'or "active"')
    .action(
      act(async ({ connections, out }, version: string) => {
        const db = connections.db();
        const row = version === 'active' ? await active(db) : await known(db, version);
        out.data(row, asPage);
      }),
    );
  trainCommand(models, act);
  changeCommands(models, act);
}

function trainCommand(models: Command, act: Act): void {
  models
    .command('train')
    .description(
      'Train one on the shipped headlines and on the words of your own, and store it beside the others',
    )
    .option('--sample <n>', 'headlines without a category to learn words from, the newest', '20000')
    .option('--labels <file>', 'headlines with their right category: "category<TAB>headline" a line')
    .option('--no-measure', 'without cross-validation: no figures, in a sixth of the time')
    .option('--activate', 'let it classify from now on')
    .action(
      act(async ({ connections, out }, options: TrainOptions & { labels?: string; activate?: boolean }) => {
        const labels = options.labels ? readLabelFile(connections, options.labels) : undefined;
        const db = connections.db();
        const before = (await listModels(db)).find((m) => m.active);
        const version = await trainModel(db, { ...options, labels });
        const announced = options.activate ? await activate(connections, db, version, true) : undefined;
        const trained = (await modelOf(db, version))!;
        out.data({ trained, before: before ?? null }, () =>
          [besides(trained, before), outcome(trained, announced)].join('\n\n'),
        );
      }),
    );
}

function changeCommands(models: Command, act: Act): void {
  models
    .command('activate')
    .description('Let one classify from now on; it stays when AFK ships another')
    .argument('<version>', `or "${SHIPPED}": the one of this AFK, and those of later ones`)
    .action(
      act(async ({ connections, out }, given: string) => {
        const db = connections.db();
        const own = given === SHIPPED;
        const { version } = own ? await shipped(db) : await known(db, given);
        const announced = await activate(connections, db, version, !own);
        out.data({ version, pinned: !own, announced }, () => `${version} is active${unheard(announced)}`);
      }),
    );
  models
    .command('delete')
    .description('Delete one that is not active')
    .argument('<version>')
    .action(
      act(async ({ connections, out }, version: string) => {
        const db = connections.db();
        await known(db, version);
        if (!(await deleteModel(db, version))) {
          throw new Error(`${version} is active: activate another before`);
        }
        out.data({ deleted: version }, () => `${version} is deleted`);
      }),
    );
}

/** @throws Error with the versions that there are */
async function known(db: Pool, version: string): Promise<ModelRow> {
  const row = await modelOf(db, version);
  if (row) return row;
  const versions = (await listModels(db)).map((m) => m.version);
  throw new Error(`there is no model "${version}": ${versions.join(', ') || 'the first start trains one'}`);
}

async function active(db: Pool): Promise<ModelRow> {
  const row = (await listModels(db)).find((m) => m.active);
  if (!row) throw new Error('no model is active: the first start trains one');
  return row;
}

async function shipped(db: Pool): Promise<ModelRow> {
  const row = await shippedModel(db, shippedFingerprint(shippedExamples()));
  if (!row) throw new Error('the shipped model is not there: the next start of AFK trains it');
  return row;
}

/** @returns whether those who run could be told; they see it with the next event in any case */
async function activate(
  connections: Deps['connections'],
  db: Pool,
  version: string,
  pinned: boolean,
): Promise<boolean> {
  // One that cannot be read would be passed over by those who run.
  await unpackModel(version, (await modelBody(db, version)) ?? Buffer.alloc(0));
  if (!(await activateModel(db, version, { pinned }))) throw new Error(`there is no model "${version}"`);
  try {
    const where = { redis: await connections.redis(), names: connections.names() };
    await sendBroadcast(where, 'config:changes', { key: 'classifier_model', value: version });
    return true;
  } catch {
    return false;
  }
}

function readLabelFile(connections: Deps['connections'], file: string): { file: string; text: string } {
  return { file, text: readFileSync(connections.locate(file), 'utf8') };
}
