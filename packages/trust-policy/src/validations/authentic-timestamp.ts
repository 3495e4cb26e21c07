import { storesOfType } from './anchors.js';
import { type Check, type Context, failed } from './check.js';
import { verifyCountersignature } from './countersignature.js';
import { checkValidity } from './validity.js';

/**
 * Whether the certificates were valid when the signature was made: at the time that the signing authority or a timestamp
 * vouches for, else now (trust-store-trust-policy.md, "Authentic timestamp"). The signer's own claim never counts.
 */
export async function checkAuthenticTimestamp(context: Context): Promise<Check> {
  const { envelope, statement, time } = context;
  const chain = envelope.certificateChain;
  const { authenticSigningTime, signingScheme } = envelope.signedAttributes;
  // The signing authority vouches for its own time (signing-scheme.md), so a timestamp is not needed under this scheme.
  if (signingScheme === 'notary.x509.signingAuthority') return checkAuthority(context, authenticSigningTime);
  const stores = storesOfType(statement, 'tsa');
  const expired = chain.some((certificate) => time > certificate.notAfter);
  // "afterCertExpiry" asks for a timestamp only once a certificate has expired: until then validity now is the stronger statement.
  const demanded = stores.length > 0 && (statement.verifyTimestamp === 'always' || expired);
  if (!demanded) return checkValidity(chain, time, 'verification');
  const token = envelope.unsignedAttributes.timestampSignature;
  // A missing token must fail: falling back to validity now would let an attacker strip the token, which is not signed.
  if (token === undefined) return failed({ fact: 'timestampMissing', stores: stores.map((name) => `tsa:${name}`) });
  return verifyCountersignature(context, token);
}

function checkAuthority({ envelope }: Context, signed: Date | undefined): Check {
  // The envelope's own rules demand the time under this scheme and refuse one in the future.
  if (signed === undefined)
    return failed({
      fact: 'envelopeRefused',
      code: 'ERR_ENVELOPE_TIME',
      message: 'the authentic signing time is missing',
    });
  return checkValidity(envelope.certificateChain, signed, 'authenticSigningTime');
}
