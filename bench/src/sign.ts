import { isMainThread } from 'node:worker_threads';
import { concurrent, serve } from './sign/concurrent.js';
import { local } from './sign/local.js';

// One process, ratios of figures taken in the same run, in turns; the double of a service has its own thread.

if (isMainThread) {
  await local();
  await concurrent();
} else await serve();
