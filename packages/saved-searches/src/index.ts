export { faultsOf, givenOf, type Fault, type SavedQuery } from './rules.ts';
export { saveSearch, type SavedSearchInput } from './save.ts';
export { newSecret, signatureHeaders } from './signature.ts';
export { requestTest, testEmitter, type TestEmitter } from './test-delivery.ts';
export { PRIVATE_SETTING, webhookAddresses, webhookUrlFault } from './webhook-url.ts';
