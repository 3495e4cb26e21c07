import { checkCrl, parseCrl } from '@notarykit/pki/internal';
import { makeCrl } from '../crl/entries.js';
import type { Curve } from './curve.js';

const now = new Date();
/** A CRL, parsed, verified and searched. */
export const crlEntries: Curve = {
  name: 'crl',
  of: 'entries of a CRL',
  sizes: [10_000, 60_000, 200_000, 600_000],
  quick: 600_000,
  async prepare(size) {
    const { der, certificate, issuers } = await makeCrl(size, now);
    return {
      async run() {
        const { outcome } = await checkCrl({ base: parseCrl(der) }, { certificate, issuers, now });
        if (outcome !== 'good') throw new Error(`the CRL is ${outcome}`);
      },
    };
  },
};
