import { X509Certificate } from 'node:crypto';
import {
  buildPath,
  type Certificate,
  formatName,
  type PathProfile,
  parseCertificate,
  parseCertificates,
} from '@notarykit/pki';
import { verifyCertificateSignature } from '@notarykit/pki/internal';
import { mutateDer, mutateSeveral } from './mutate.ts';
import type { Random } from './random.ts';
import type { FuzzTarget } from './run.ts';

/** A certificate that is valid, and the one that issued it. */
export interface CertificateSeed {
  readonly der: Uint8Array;
  readonly issuer: Certificate;
}

/**
 * FZ3: mutated certificates. What is accepted must be read alike by node's own parser, must give back its bytes, and its
 * signature must fail unless the signed part is untouched.
 */
export function certificateTarget(seeds: readonly CertificateSeed[]): FuzzTarget {
  const known = new Map(seeds.map(({ der }) => [parseCertificate(der).tbs.join(), der]));
  let seed = seeds[0] as CertificateSeed;
  return {
    name: 'FZ3 certificate',
    input(random: Random) {
      seed = random.pick(seeds);
      const other = random.pick(seeds).der;
      return mutateSeveral(seed.der, random, (bytes, source) => mutateDer(bytes, source, other));
    },
    async run(input) {
      const certificate = parseCertificate(input);
      checkStable(certificate, input);
      checkSecondOpinion(certificate);
      if (await verifyCertificateSignature(certificate, seed.issuer)) checkUntouched(certificate, known);
      return true;
    },
  };
}

function checkStable(certificate: Certificate, input: Uint8Array): void {
  if (Buffer.compare(certificate.der, input) !== 0) throw new Error('the bytes changed');
  const again = parseCertificate(certificate.der);
  if (again.fingerprint !== certificate.fingerprint) throw new Error('another fingerprint at the second reading');
  formatName(certificate.subject);
}

function checkSecondOpinion(certificate: Certificate): void {
  const other = readByNode(certificate.der);
  if (other === undefined) return;
  if (
    !other.serialNumber.startsWith('-') &&
    BigInt(`0x${other.serialNumber}`) !== BigInt(`0x${certificate.serialNumber}`)
  ) {
    throw new Error(`serial ${certificate.serialNumber}, node reads ${other.serialNumber}`);
  }
  if (other.ca && certificate.basicConstraints?.ca !== true) throw new Error('node reads a CA, we do not');
}

function readByNode(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    // Node refuses what we accept only where it looks deeper (keys, times of other forms); that is not a false accept.
    return undefined;
  }
}

function checkUntouched(certificate: Certificate, known: ReadonlyMap<string, Uint8Array>): void {
  if (!known.has(certificate.tbs.join())) throw new Error('a changed certificate has a good signature');
}

/**
 * FZ3: chains of which one certificate is mutated, in any order, against the true anchor: whatever path is found holds only
 * certificates whose signed parts are untouched, in both profiles.
 */
export function chainTarget(chain: readonly Certificate[], at: Date): FuzzTarget {
  const known = new Map(chain.map((certificate) => [certificate.tbs.join(), certificate.der]));
  const anchors = chain.slice(-1);
  let profile: PathProfile = 'notary';
  return {
    name: 'FZ3 chain',
    input(random: Random) {
      profile = random.pick(['notary', 'rfc5280']);
      const changed = random.below(chain.length);
      const other = random.pick(chain).der;
      const parts = chain.map(({ der }, index) =>
        index === changed ? mutateSeveral(der, random, (bytes, source) => mutateDer(bytes, source, other)) : der,
      );
      if (random.oneIn(4)) parts.push(random.pick(parts));
      if (random.oneIn(4)) parts.reverse();
      return Uint8Array.from(parts.flatMap((part) => [...part]));
    },
    async run(input) {
      const [leaf, ...intermediates] = parseCertificates(input);
      const path = await buildPath(leaf as Certificate, { anchors, intermediates, at, profile });
      for (const certificate of path) checkUntouched(certificate, known);
      return true;
    },
  };
}
