import { storesOf } from '../verify/index.js';
import { element, field } from './fields.js';

const list = (): HTMLElement => element('#stores');

/** The certificates of the fields, by store. */
export function storesInForm(): Record<string, string> {
  const areas = [...list().querySelectorAll('textarea')];
  return Object.fromEntries(areas.map((area) => [area.dataset['store'] ?? '', area.value]));
}

/** A field for the certificates of each store that the policy names. What is typed stays, also while the policy is being typed. */
export function showStores(): void {
  const stores = storesOf(field('policy').value);
  if (stores === undefined) return;
  const typed = storesInForm();
  list().replaceChildren(...stores.map((store) => storeField(store, typed[store] ?? '')));
}

function storeField(store: string, pem: string): HTMLElement {
  const label = document.createElement('label');
  const code = document.createElement('code');
  code.textContent = store;
  const area = document.createElement('textarea');
  area.dataset['store'] = store;
  area.value = pem;
  label.append('Certificates of the store ', code, ', PEM ', area);
  return label;
}
