// All cases of the kit.
import * as algorithms from './cases/algorithms.mjs';
import * as certificates from './cases/certificates.mjs';
import * as clock from './cases/clock.mjs';
import * as encoding from './cases/encoding.mjs';
import * as headers from './cases/headers.mjs';
import * as manifests from './cases/manifests.mjs';
import * as payloads from './cases/payloads.mjs';
import * as plugins from './cases/plugins.mjs';
import * as policies from './cases/policies.mjs';
import * as revocation from './cases/revocation.mjs';
import * as timestamps from './cases/timestamps.mjs';

const groups = [
  algorithms,
  headers,
  encoding,
  payloads,
  certificates,
  policies,
  manifests,
  revocation,
  timestamps,
  plugins,
  clock,
];

/** Every case, sorted by its id. Two of one id are a mistake in the tables. */
export function allCases() {
  const all = groups.flatMap(({ cases }) => cases()).sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = all.filter(({ id }, i) => id === all[i - 1]?.id).map(({ id }) => id);
  if (twice.length > 0) throw new Error(`ids that appear twice: ${twice.join(', ')}`);
  return all;
}
