// `stopword` ships no types; these are the two lists that we read.
declare module 'stopword' {
  export const eng: string[];
  export const fra: string[];
}
