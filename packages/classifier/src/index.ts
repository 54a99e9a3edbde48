export { fromJSON, toJSON } from './json.ts';
export { predict } from './predict.ts';
export { train, trainAsync } from './train.ts';
export type * from './types.ts';
