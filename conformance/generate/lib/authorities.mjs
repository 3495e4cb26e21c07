// Who signs: one root, one intermediate, a signer for each key, an authority for timestamps. All of it is the same on every run.
import { keyOf, pemOf } from './keys.mjs';
import { issue, nameOf, organization } from './x509.mjs';

const named = (name) => nameOf([...organization, ['CN', name]]);

export const root = issue('ca', 'Kit Root');
export const ca = issue('ca', 'Kit Issuing CA', { by: root });
/** A root that no case trusts, with the name of the root that they do trust. */
export const stranger = issue('ca', 'Kit Stranger', { subject: named('Kit Root') });
export const tsaRoot = issue('ca', 'Kit TSA Root');
export const tsa = issue('tsa', 'Kit TSA', { by: tsaRoot, subject: named('Kit Timestamping') });

const leaves = new Map();

/** The code signing certificate with a key of this kind. */
export function leafOf(spec = 'EC-256') {
  if (!leaves.has(spec))
    leaves.set(spec, issue('leaf', `Kit Signer ${spec}`, { by: ca, spec, key: keyOf(spec, 'leaf') }));
  return leaves.get(spec);
}

export const leaf = leafOf();
/** Its validity ended at the end of 2025. */
export const ended = issue('leaf', 'Kit Ended Signer', { by: ca, notAfter: '2025-12-31T23:59:59Z' });
/** Its validity begins with 2102. */
export const future = issue('leaf', 'Kit Future Signer', { by: ca, notBefore: '2102-01-01T00:00:00Z' });

export const certificatePem = (issued) => pemOf('CERTIFICATE', issued.der ?? issued);
