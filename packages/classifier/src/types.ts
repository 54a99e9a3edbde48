export type Example = { text: string; label: string; /** Detected when absent. */ language?: string };
export type Input = { text: string; /** Detected when absent. */ language?: string };

export type Prediction = {
  label: string;
  /** Calibrated probability of `label`, 0..1. */
  probability: number;
  /** In the order of `model.labels`; they sum to 1. */
  probabilities: Float32Array;
};

export type FeatureOptions = {
  /** Shortest and longest character n-gram of a word, default [3, 5]; [0, 0] for none. */
  characters?: readonly [number, number];
  /** Features in fewer training texts are left out; default 1; 2 halves the model and costs some accuracy. */
  minDocuments?: number;
};

export type TrainOptions = {
  /** L2 penalty beside the mean log-loss (not on the intercepts); default 1e-4. */
  l2?: number;
  /** Seeds the assignment of examples to folds, default 1. */
  seed?: number;
  /** Folds of the calibration, default 3. */
  folds?: number;
  signal?: AbortSignal;
  features?: FeatureOptions;
};

/** Everything that a prediction needs. Immutable. */
export type LinearModel = {
  /** Hash of training data and options, 16 hexadecimal digits. */
  readonly version: string;
  /** Sorted. */
  readonly labels: readonly string[];
  readonly characters: readonly [number, number];
  /** Feature -> row of `weights`. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** One a feature. */
  readonly idf: Float32Array;
  /** features x labels, row-major. */
  readonly weights: Float32Array;
  /** One a label. */
  readonly intercepts: Float32Array;
  /** Logits are divided by this before the softmax. */
  readonly temperature: number;
};

/** Plain JSON: numbers, strings, arrays; typed arrays as base64 of little-endian float32. */
export type LinearModelJson = {
  kind: 'linear';
  format: 1;
  version: string;
  labels: string[];
  characters: [number, number];
  vocabulary: string[];
  idf: string;
  weights: string;
  intercepts: string;
  temperature: number;
};
