import type { Row } from './row.js';
import { certificates } from './rows/certificates.js';
import { envelopes } from './rows/envelopes.js';
import { plugins } from './rows/plugins.js';
import { revocation } from './rows/revocation.js';
import { timestamps } from './rows/timestamps.js';
import { trust } from './rows/trust.js';

/** The tables of docs/parity.md, in its order. */
export const sections: Readonly<Record<string, readonly Row[]>> = {
  trust,
  plugins,
  envelopes,
  certificates,
  revocation,
  timestamps,
};

export const allRows: readonly Row[] = Object.values(sections).flat();
