import { licenseList } from './license-list.js';

const known = new Set(licenseList.trim().toLowerCase().split(/\s+/));

/** Whether an identifier is on the SPDX licence list, in whatever case. References into a document (`LicenseRef-`) are not. */
export function isKnownLicense(id: string): boolean {
  const bare = id.toLowerCase();
  return known.has(bare) || known.has(bare.replace(/\+$/, ''));
}
