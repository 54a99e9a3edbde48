import { softmax } from './logistic.ts';

const COLDEST = 0.02;
const HOTTEST = 50;
const STEPS = 45;

/** Mean log-loss of logits (rows x labels) divided by the temperature, the targets smoothed by `smoothing`. */
export function logLoss(
  logits: Float64Array,
  targets: Int32Array,
  labels: number,
  { temperature, smoothing = 0 }: { temperature: number; smoothing?: number },
): number {
  const scaled = logits.map((logit) => logit / temperature);
  let loss = 0;
  for (const [i, target] of targets.entries()) {
    let mean = 0;
    for (let c = 0; c < labels; c += 1) mean += scaled[i * labels + c]! / labels;
    loss -= (1 - smoothing) * scaled[i * labels + target]! + smoothing * mean;
  }
  for (const total of softmax(scaled, labels)) loss += total;
  return loss / targets.length;
}

/**
 * The temperature that makes held-out logits most likely (Guo et al. 2017), 0.02..50: golden-section search on its
 * logarithm, in which the loss has one minimum. Targets are smoothed as if one example more had been of no label in
 * particular, so that a handful of right answers does not make certainty (as Platt 1999 does for two labels).
 */
export function fitTemperature(
  logits: Float64Array,
  targets: Int32Array,
  labels: number,
): { temperature: number; loss: number } {
  const smoothing = 1 / (targets.length + 1);
  const golden = (Math.sqrt(5) - 1) / 2;
  const loss = (x: number): number =>
    logLoss(logits, targets, labels, { temperature: Math.exp(x), smoothing });
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
  return { temperature: Math.exp((low + high) / 2), loss: Math.min(leftLoss, rightLoss) };
}
