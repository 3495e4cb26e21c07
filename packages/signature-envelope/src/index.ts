export * from './core.js';
export { inspectEnvelope } from './inspect.js';
