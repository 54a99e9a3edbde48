import assert from 'node:assert/strict';
import { test } from 'node:test';
import { train } from '@afk/classifier';
import { categoryIds, type CategoryId } from '@afk/contracts';
import { linearOpinions } from './domain/opinion.ts';
import { verdictOf } from './domain/verdict.ts';
import { packModel, nameOf, unpackModel } from './models/pack.ts';
import { shippedExamples, shippedFingerprint, trainShipped } from './shipped.ts';

const model = trainShipped();

/** Headlines that leave no doubt to a reader. None of them is in the seed. */
const clear: Record<string, Partial<Record<CategoryId, string[]>>> = {
  en: {
    sport: [
      'Striker scores hat-trick as City win the Premier League title',
      'Tennis: top seed beaten in straight sets in the quarter-final',
      'Coach sacked after fifth straight defeat of the season',
      'Olympic sprinter wins gold in the 100 metres final',
      'Injured midfielder to miss the World Cup',
    ],
    weather: [
      'Heavy rain and strong winds forecast for the weekend',
      'Snow warning issued as temperatures fall below freezing',
      'Heatwave: temperatures to reach 38C on Thursday',
      'Sunny spells and scattered showers expected tomorrow',
      'Thunderstorms to sweep the south, forecasters say',
    ],
    politics: [
      'Prime minister faces no-confidence vote in parliament',
      'Senate passes the bill after the president threatens a veto',
      'Opposition leader ahead in polls before the general election',
      'Minister resigns from the cabinet over leaked letter',
      'Voters go to the polls in regional elections',
    ],
    economy_business_finance: [
      'Central bank raises interest rates to fight inflation',
      'Shares fall as quarterly profits miss forecasts',
      'Carmaker to buy rival in a $4 billion deal',
      'Stock markets close higher after jobs data',
      'Unemployment falls as the economy grows 2 per cent in the quarter',
    ],
  },
  fr: {
    sport: [
      'Ligue 1 : Marseille bat Lyon et reprend la tête du classement',
      'Roland-Garros : la numéro un mondiale éliminée en quarts de finale',
      'Rugby : le XV de France s’impose face à l’Irlande',
      'Cyclisme : victoire au sprint lors de la troisième étape du Tour',
      'L’entraîneur limogé après cinq défaites de suite en championnat',
    ],
    weather: [
      'Météo : de la pluie et du vent attendus ce week-end',
      'Vigilance orange aux orages dans douze départements',
      'Canicule : jusqu’à 40 degrés attendus jeudi dans le Sud',
      'Neige et verglas : la prudence est de mise sur les routes',
      'Des éclaircies et quelques averses mardi, prévoit Météo-France',
    ],
    politics: [
      'Le Premier ministre face à une motion de censure à l’Assemblée',
      'Élections municipales : le maire sortant candidat à sa réélection',
      'Le Sénat adopte le projet de loi, les députés de gauche protestent',
      'Remaniement : trois ministres quittent le gouvernement',
      'Présidentielle : le candidat de la droite en tête des sondages',
    ],
    economy_business_finance: [
      'La BCE relève ses taux directeurs pour freiner l’inflation',
      'La Bourse de Paris termine en hausse après les résultats des banques',
      'Le constructeur automobile annonce un bénéfice net en recul de 12 %',
      'Le groupe rachète son concurrent pour deux milliards d’euros',
      'La croissance ralentit au deuxième trimestre, selon l’Insee',
    ],
  },
};
const cases = Object.entries(clear).flatMap(([language, byCategory]) =>
  Object.entries(byCategory).flatMap(([category, titles]) =>
    titles.map((text) => ({ text, language, category })),
  ),
);

test('the model knows the 17 categories', () => {
  assert.deepEqual(model.labels, categoryIds.toSorted());
});

test('of 40 headlines that leave no doubt, it gives at least 80 % their category', () => {
  assert.equal(cases.length, 40);
  const verdicts = linearOpinions(model, cases).map((o) => verdictOf(o, 0.3));
  const wrong = cases.flatMap(({ text, category }, i) =>
    verdicts[i]!.category === category ? [] : [`${text}: ${verdicts[i]!.category}, not ${category}`],
  );
  assert.ok(wrong.length <= 8, `${wrong.length} of 40:\n${wrong.join('\n')}`);
});

test('packed and unpacked it says the same, bit by bit', async () => {
  const again = await unpackModel(nameOf(model), await packModel(model));
  assert.deepEqual(linearOpinions(again, cases), linearOpinions(model, cases));
});

test('what is no model, or not that model, is refused by its name', async () => {
  const body = await packModel(model);
  await assert.rejects(
    unpackModel('linear-x', body),
    /the model linear-x cannot be read: its body is that of /,
  );
  await assert.rejects(
    unpackModel('m', Buffer.from('no gzip')),
    /the model m cannot be read: incorrect header/,
  );
  await assert.rejects(
    unpackModel('m', body.subarray(0, 1000)),
    /the model m cannot be read: unexpected end/,
  );
  const other = train([
    { text: 'a', label: 'gossip' },
    { text: 'b', label: 'sport' },
  ]);
  await assert.rejects(
    unpackModel(nameOf(other), await packModel(other)),
    /cannot be read: its label "gossip" is none of the 17/,
  );
});

test('the fingerprint follows the seed and not the order of its lines', () => {
  const seed = shippedExamples();
  const known = shippedFingerprint(seed);
  assert.equal(shippedFingerprint(seed.toReversed()), known);
  assert.notEqual(shippedFingerprint(seed.slice(1)), known);
  assert.notEqual(shippedFingerprint([...seed.slice(1), { ...seed[0]!, label: 'weather' }]), known);
});
