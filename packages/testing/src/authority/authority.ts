import { type Bytes, defined, type WebCryptoKey } from '@notarykit/common/internal';
import type { KeySpec, Signer } from '@notarykit/signature-envelope/internal';
import { buildCertificate, type CertificateOptions, type Issuer, randomSerial } from './certificate.js';
import { openCsr } from './csr.js';
import type { ExtensionSpec } from './extension-spec.js';
import {
  basicConstraints,
  crlDistributionPoints,
  extendedKeyUsage,
  keyUsage,
  ocspNoCheck,
  ocspResponders,
  purposes,
} from './extensions.js';
import { createKeyPair, type KeyPair } from './keys.js';
import { encodeName, type SubjectAttributes } from './names.js';
import { pemBlock } from './pem.js';
import { keyPairSigner } from './signer.js';

/** How an authority is set up; options of certificates hold for its CAs. */
export interface AuthorityOptions {
  /** A part of every name. Default `NotaryKit Test`. */
  readonly name?: string;
  /** Key of root and intermediates. Default `EC-256`. */
  readonly keySpec?: KeySpec;
  /** CAs between root and leaves. Default 1. */
  readonly intermediates?: number;
  /** URLs that leaves and intermediates name, unless said otherwise when they are issued. Default none. */
  readonly ocspUrls?: readonly string[];
  readonly crlUrls?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** What a certificate is to be. */
export interface IssueOptions extends CertificateOptions {
  /** Default `EC-256`. */
  readonly keySpec?: KeySpec;
  /** A key made before; it decides the key spec. */
  readonly keyPair?: KeyPair;
  /** Which CA issues; default the lowest one. */
  readonly issuer?: IssuedCa;
}

/** A certificate with its key and its chain. */
export interface Issued extends Issuer {
  readonly keySpec: KeySpec;
  readonly serialNumber: bigint;
  /** DER of the issuer's name. */
  readonly issuerDer: Bytes;
  /** DER, this certificate first, root last. */
  readonly chain: readonly Bytes[];
  /** The chain as PEM. */
  readonly pem: string;
  /** For WebCrypto, extractable: RSA keys sign RSASSA-PSS with the hash of their size, EC keys ECDSA. */
  readonly privateKey: WebCryptoKey;
  /** PKCS#8. */
  readonly privateKeyPem: string;
  /** The `Signer` port over this key and chain. */
  readonly signer: Signer;
}

/** A CA of the lab. */
export type IssuedCa = Issued;

/** A certificate authority that truly issues: every certificate is signed, every key works. For tests only. */
export interface Authority {
  readonly root: IssuedCa;
  /** Highest first; empty when leaves are issued by the root. */
  readonly intermediates: readonly IssuedCa[];
  /** The lowest CA: it issues unless another is named. */
  readonly issuer: IssuedCa;
  /** A code signing certificate (signature-specification.md, "Certificate Requirements"). */
  issueLeaf(options?: IssueOptions): Promise<Issued>;
  /** A timestamping certificate: critical extended key usage, only timeStamping (RFC 3161, 2.3). */
  issueTimestamping(options?: IssueOptions): Promise<Issued>;
  /** A delegated OCSP responder's certificate (RFC 6960, 4.2.2.2), with `nocheck`. */
  issueOcspResponder(options?: IssueOptions): Promise<Issued>;
  /** A CA below another. */
  issueCa(options?: IssueOptions): Promise<IssuedCa>;
  /** A code signing certificate that is its own issuer: a chain of one. */
  issueSelfSigned(options?: Omit<IssueOptions, 'issuer'>): Promise<Issued>;
  /** The chain for a PKCS#10 request (DER), with the request's name unless another is given. */
  issueFromCsr(csr: Uint8Array, options?: Omit<IssueOptions, 'keySpec' | 'keyPair'>): Promise<readonly Bytes[]>;
}

/**
 * Sets up an authority: a root, intermediates and what they issue.
 *
 * @example
 * ```ts
 * const authority = await createAuthority();
 * const { chain, signer } = await authority.issueLeaf({ keySpec: 'RSA-2048' });
 * ```
 */
export async function createAuthority(options: AuthorityOptions = {}): Promise<Authority> {
  const lab = { ...options, name: options.name ?? 'NotaryKit Test' };
  const root = await issueRoot(lab);
  const intermediates: IssuedCa[] = [];
  for (let i = 0; i < (options.intermediates ?? 1); i++) {
    const subject = labName(lab.name, `${lab.name} Intermediate ${i + 1}`);
    const keyPair = await createKeyPair(options.keySpec ?? 'EC-256');
    intermediates.push(await issue(lab, 'ca', { keyPair, subject, issuer: intermediates.at(-1) ?? root }));
  }
  const issuer = intermediates.at(-1) ?? root;
  const by =
    (kind: Kind) =>
    (given: IssueOptions = {}) =>
      issue(lab, kind, { issuer, ...given });
  return {
    root,
    intermediates,
    issuer,
    issueLeaf: by('leaf'),
    issueTimestamping: by('timestamping'),
    issueOcspResponder: by('ocsp'),
    issueCa: by('ca'),
    issueSelfSigned: (given = {}) => issue(lab, 'leaf', given),
    issueFromCsr: async (csr, given = {}) => {
      const { subjectDer, spki } = await openCsr(csr);
      const by = given.issuer ?? issuer;
      const name = given.subject === undefined ? subjectDer : encodeName(given.subject);
      const defaults = extensionsOf('leaf', lab, given);
      return [await buildCertificate({ ...given, subjectDer: name, spki, issuer: by, defaults }), ...by.chain];
    },
  };
}

type Lab = AuthorityOptions & { readonly name: string };
type Kind = 'leaf' | 'timestamping' | 'ocsp' | 'ca';

const kinds: Readonly<Record<Kind, { title: string; extensions: readonly ExtensionSpec[] }>> = {
  leaf: {
    title: 'Signer',
    extensions: [
      basicConstraints({ ca: false }),
      keyUsage(['digitalSignature']),
      extendedKeyUsage([purposes.codeSigning]),
    ],
  },
  timestamping: {
    title: 'Timestamping',
    extensions: [keyUsage(['digitalSignature']), extendedKeyUsage([purposes.timeStamping], true)],
  },
  ocsp: {
    title: 'OCSP Responder',
    extensions: [keyUsage(['digitalSignature']), extendedKeyUsage([purposes.ocspSigning]), ocspNoCheck()],
  },
  ca: { title: 'CA', extensions: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])] },
};

function labName(organization: string, commonName: string): SubjectAttributes {
  return { C: 'US', ST: 'WA', L: 'Seattle', O: organization, CN: commonName };
}

async function issueRoot(lab: Lab): Promise<IssuedCa> {
  const keyPair = await createKeyPair(lab.keySpec ?? 'EC-256');
  const none = { ocspUrls: [], crlUrls: [] };
  return issue(lab, 'ca', { ...none, keyPair, subject: labName(lab.name, `${lab.name} Root`) });
}

function extensionsOf(kind: Kind, lab: Lab, options: IssueOptions): ExtensionSpec[] {
  const ocspUrls = options.ocspUrls ?? lab.ocspUrls ?? [];
  const crlUrls = options.crlUrls ?? lab.crlUrls ?? [];
  return [
    ...kinds[kind].extensions,
    ...(ocspUrls.length > 0 ? [ocspResponders(ocspUrls)] : []),
    ...(crlUrls.length > 0 ? [crlDistributionPoints(crlUrls)] : []),
  ];
}

async function issue(lab: Lab, kind: Kind, options: IssueOptions): Promise<Issued> {
  const keyPair = options.keyPair ?? (await createKeyPair(options.keySpec ?? 'EC-256'));
  const subjectDer = encodeName(options.subject ?? labName(lab.name, `${lab.name} ${kinds[kind].title}`));
  const issuer = options.issuer ?? { subjectDer, keyPair };
  const parts = {
    ...defined({ notBefore: lab.notBefore, notAfter: lab.notAfter }),
    ...options,
    subjectDer,
    spki: keyPair.spki,
    serialNumber: options.serialNumber ?? randomSerial(),
    issuer,
    defaults: extensionsOf(kind, lab, options),
  };
  const certificate = await buildCertificate(parts);
  const chain = [certificate, ...(options.issuer?.chain ?? [])];
  const { serialNumber } = parts;
  const described = await describeChain(keyPair, chain);
  return { ...described, certificate, keyPair, serialNumber, subjectDer, issuerDer: issuer.subjectDer };
}

async function describeChain(
  keyPair: KeyPair,
  chain: readonly Bytes[],
): Promise<Pick<Issued, 'keySpec' | 'chain' | 'pem' | 'privateKey' | 'privateKeyPem' | 'signer'>> {
  const signer = await keyPairSigner(keyPair, chain);
  return {
    keySpec: keyPair.keySpec,
    chain,
    pem: chain.map((der) => pemBlock('CERTIFICATE', der)).join(''),
    privateKey: signer.privateKey,
    privateKeyPem: pemBlock('PRIVATE KEY', keyPair.pkcs8),
    signer: signer.signer,
  };
}
