import { setTimeout as wait } from 'node:timers/promises';
import { readSettings } from './webhook/settings.js';
import { startWebhook } from './webhook/start.js';

const log =
  (level: string) =>
  (message: string, facts: object = {}) =>
    console.error(JSON.stringify({ level, message, ...facts }));

try {
  const settings = readSettings(process.env);
  const webhook = await startWebhook(settings, { warn: log('warn'), info: log('info') });
  console.log(`listening on ${webhook.port}`);
  process.once('SIGTERM', () => {
    webhook.drain();
    // The cluster goes on sending until it has seen that this replica is not ready.
    void wait(settings.drainMs).then(() => webhook.close());
  });
} catch (error) {
  log('error')((error as Error).message);
  process.exitCode = 1;
}
