export { createHttpTimestamper, type HttpTimestamperOptions } from './timestamp/http-timestamper.js';
export { buildTimestampRequest, type TimestampRequest } from './timestamp/request.js';
export { openTimestampResponse, type TimestampResponseOptions } from './timestamp/response.js';
export type { Timestamper } from './timestamp/timestamper.js';
