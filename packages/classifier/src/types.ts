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
  /** L2 penalty of the logistic member beside the mean log-loss (not on the intercepts); default 1e-4. */
  l2?: number;
  /** Smoothing of the naive Bayes member, default 0.3. */
  alpha?: number;
  /** Seeds the assignment of examples to folds and the sample of unlabelled texts, default 1. */
  seed?: number;
  /** Folds of the calibration; default 10 up to 100 examples, 5 up to 500, 3 beyond. */
  folds?: number;
  /**
   * Texts without a label, of the kind to be classified: words, their frequencies and guessed labels are learned from them. No
   * more than `mostUnlabelled` are used (default 20,000), nor more than eight million characters of them.
   */
  unlabelled?: readonly Input[];
  mostUnlabelled?: number;
  /** A model of other labels whose opinion of a text is a feature of it: what it has learned helps where examples are few. */
  base?: LinearModel;
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
  /** Features x labels, row-major: in steps of the feature's `scales`. Calibrated: logits are log-probabilities. */
  readonly weights: Int8Array;
  /** One a feature. */
  readonly scales: Float32Array;
  /** One a label. */
  readonly intercepts: Float32Array;
  readonly base: Base | null;
};

/** Weights: the base's labels x labels. */
export type Base = { readonly model: LinearModel; readonly weights: Float32Array };

/** Plain JSON: numbers, strings, arrays; typed arrays as base64 of little-endian bytes. */
export type LinearModelJson = {
  kind: 'linear';
  format: 2;
  version: string;
  labels: string[];
  characters: [number, number];
  vocabulary: string[];
  idf: string;
  weights: string;
  scales: string;
  intercepts: string;
  base: { model: LinearModelJson; weights: string } | null;
};
