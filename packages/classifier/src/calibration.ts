import { softmax } from './logistic.ts';

const COLDEST = 0.05;
const HOTTEST = 10;
const STEPS = 40;

/** Mean log-loss of logits (rows x labels) divided by the temperature. */
export function logLoss(
  logits: Float64Array,
  targets: Int32Array,
  labels: number,
  temperature: number,
): number {
  const scaled = logits.map((logit) => logit / temperature);
  let loss = 0;
  for (const [i, target] of targets.entries()) loss -= scaled[i * labels + target] ?? 0;
  return (loss + softmax(scaled, labels)) / targets.length;
}

/**
 * The temperature that makes held-out logits most likely (Guo et al. 2017), 0.05..10: golden-section search on its
 * logarithm, in which the loss has one minimum.
 */
export function fitTemperature(logits: Float64Array, targets: Int32Array, labels: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  const loss = (x: number): number => logLoss(logits, targets, labels, Math.exp(x));
  let low = Math.log(COLDEST);
  let high = Math.log(HOTTEST);
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let leftLoss = loss(left);
  let rightLoss = loss(right);
  for (let step = 0; step < STEPS; step += 1) {
    if (leftLoss <= rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - golden * (high - low);
      leftLoss = loss(left);
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + golden * (high - low);
      rightLoss = loss(right);
    }
  }
  return Math.exp((low + high) / 2);
}
