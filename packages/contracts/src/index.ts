export * from './categories.ts';
export * from './check.ts';
export * from './envelope.ts';
export * from './events.ts';
export * from './graph.ts';
export * from './pipeline.ts';
export * from './requests.ts';
export * from './window.ts';
export * as http from './http.ts';
