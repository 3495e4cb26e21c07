import { decodeBase64 } from '@notarykit/common';
import example from '../example/example.json' with { type: 'json' };
import { element, field, putFile } from './fields.js';
import { showStores } from './stores.js';

/** Fills the form with the example: a bundle, the policy for it, and the date that its evidence covers. */
export function fillExample(): void {
  element<HTMLInputElement>('[name=kind][value=bundle]').checked = true;
  putFile('bundle', { name: 'net-monitor.tar', bytes: decodeBase64(example.bundle) });
  field('expected').value = example.expected;
  field('at').value = example.at;
  field('policy').value = JSON.stringify(example.policy, undefined, 2);
  showStores();
  for (const area of element('#stores').querySelectorAll('textarea'))
    area.value = (example.stores as Record<string, string>)[area.dataset['store'] ?? ''] ?? '';
}
