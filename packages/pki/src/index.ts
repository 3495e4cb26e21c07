export * from './core.js';
export * from './keys/index.js';
export { createHttpTimestamper, type HttpTimestamperOptions } from './timestamp/http-timestamper.js';
export * from './timestamp/index.js';
export { buildTimestampRequest, type TimestampRequest } from './timestamp/request.js';
export { openTimestampResponse, type TimestampResponseOptions } from './timestamp/response.js';
